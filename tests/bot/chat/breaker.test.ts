import { describe, expect, it } from 'vitest';
import { tryAnswer } from '#bot/chat/try-answers.ts';
import type { BreakerFacts } from '#db/run-facts.ts';
import { answers, conversation, golden } from '../../helpers/conversation.ts';
import { aBrokenJob, aChain, after, aJob, aRun, aTelling, NOON } from '../../helpers/facts.ts';

const told = aTelling();
const term: BreakerFacts = {
  platform: 'bet9ja',
  failures: 5,
  failingSince: after(-32_000),
  kind: 'blocked',
  openedAt: after(4.2),
  openedRun: 5,
  nextProbeAt: after(1_804),
  probes: 0,
  closedAt: null,
  closedRun: null,
};

const nothing = { itemsTotal: 0, itemsDone: 0, itemsFailed: 0, discovered: false, discoveredAt: null, stored: null };
const broken = aBrokenJob({ runId: 5, status: 'failed', ...nothing });
const fifth = aRun({ id: 5, rootId: 5, status: 'failed', jobs: [broken] });

describe('a conversation about a platform that fails again and again', () => {
  it('says once that it is left alone, until when, and how it is tried', async () => {
    const chain = { ...aChain(fifth), breakers: [term] };
    await expect(conversation(chain, told)).toMatchFileSnapshot(golden('left-alone'));
    const due = { ...chain, breakers: [{ ...term, nextProbeAt: NOON }] };
    expect(conversation(due, told)).toContain('failed 5 times in a row since 03:06: the next run tries it');
  });

  it('says why it was not started in the runs that follow', async () => {
    const skipped = aJob({
      id: 2,
      platform: 'bet9ja',
      status: 'skipped',
      failureKind: 'left_alone',
      ...nothing,
      startedAt: null,
    });
    const run = aRun({ id: 6, rootId: 6, status: 'partial', jobs: [aJob({ id: 1 }), skipped] });
    const chain = { ...aChain(run), breakers: [{ ...term, openedAt: after(-600) }] };
    await expect(conversation(chain, told)).toMatchFileSnapshot(golden('skipped-alone'));
  });

  it('says that it works again, there and where it began', async () => {
    const over = { ...term, failures: 6, probes: 1, closedAt: after(7_200), closedRun: 7 };
    const then = aTelling({ now: after(7_300) });
    const seventh = aRun({ id: 7, rootId: 7, jobs: [aJob({ id: 1, runId: 7, platform: 'bet9ja' })] });
    const both = [fifth, seventh].map((run) => conversation({ ...aChain(run), breakers: [over] }, then));
    await expect(both.join('\n')).toMatchFileSnapshot(golden('works-again'));
  });

  it('answers whoever wants it tried', async () => {
    const known = ['sportybet', 'bet9ja'];
    const said = answers([
      tryAnswer({ kind: 'started', runId: 8, platform: 'bet9ja' }, told),
      tryAnswer({ kind: 'not_left_alone', platform: 'sportybet' }, told),
      tryAnswer({ kind: 'unknown_platform', platform: 'bet9a', known, nearest: 'bet9ja' }, told),
    ]);
    await expect(said).toMatchFileSnapshot(golden('try-answers'));
  });
});
