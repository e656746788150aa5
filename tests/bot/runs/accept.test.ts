import { describe, expect, it } from 'vitest';
import { decideAcceptance } from '#bot/runs/accept.ts';
import { decideRetry } from '#bot/runs/retry-run.ts';
import { aBrokenJob, aChain, aDroppedJob, after, aJob, anEmptyJob, aRetry, aRun } from '../../helpers/facts.ts';

const known = ['sportybet', 'bet9ja', 'betpawa'];
const grace = { surface: 'discord', id: '77', name: 'Grace' };
const accepted = { by: grace, why: 'international break', at: after(60) };

function decide(chain: ReturnType<typeof aChain>, given: { platform?: string; pressed?: boolean } = {}) {
  return decideAcceptance({ chain, runId: 1, platform: 'bet9ja', pressed: false, known, ...given });
}

describe('a person may accept', () => {
  it('what delivered far less than usual, and what delivered nothing', () => {
    expect(decide(aChain(aRun({ jobs: [aDroppedJob()] })))).toMatchObject({ kind: 'accept', job: { id: 2 } });
    const empty = aChain(aRun({ jobs: [anEmptyJob({ platform: 'bet9ja' })] }));
    expect(decide(empty, { pressed: true })).toMatchObject({ kind: 'accept' });
  });

  it('the newest result of the chain, when the first run is named', () => {
    const retry = aRetry({ ...aDroppedJob(), id: 4, runId: 2 });
    expect(decide(aChain(aRun({ jobs: [aDroppedJob()] }), retry))).toMatchObject({ kind: 'accept', job: { id: 4 } });
  });
});

describe('a person may not accept', () => {
  it.each([
    ['what broke', aBrokenJob(), { kind: 'not_doubtful', complete: false }],
    ['what is complete', aJob({ platform: 'bet9ja' }), { kind: 'not_doubtful', complete: true }],
    ['what is accepted', aDroppedJob({ accepted }), { kind: 'already_accepted', by: 'Grace' }],
    ['what is under way', aDroppedJob({ status: 'running', finishedAt: null }), { kind: 'still_running' }],
  ])('%s', (_what, job, reason) => {
    expect(decide(aChain(aRun({ jobs: [job] })))).toMatchObject({ kind: 'refused', reason });
  });

  it('a result that has a newer one, by its old button', () => {
    const chain = aChain(aRun({ jobs: [aDroppedJob()] }), aRetry({ ...aDroppedJob(), id: 4, runId: 2 }));
    const reason = { kind: 'already_retried', run: 1, by: 2 };
    expect(decide(chain, { pressed: true })).toMatchObject({ kind: 'refused', reason });
  });

  it('a platform that is not there', () => {
    const chain = aChain(aRun({ jobs: [aDroppedJob()] }));
    expect(decide(chain, { platform: 'betpawa' })).toMatchObject({ reason: { kind: 'not_in_run' } });
    expect(decide(chain, { platform: 'bet9a' })).toMatchObject({ reason: { kind: 'unknown_platform' } });
  });
});

describe('a retry', () => {
  const terms = () => ({ maxAgeMs: 600_000, firstStep: 'discover', itemStep: 'extract' });
  const ask = (job: ReturnType<typeof aJob>) =>
    decideRetry({
      chain: aChain(aRun({ jobs: [job] })),
      runId: 1,
      platforms: ['bet9ja'],
      pressed: false,
      known,
      terms,
      maxRunAgeDays: 7,
      now: after(60),
    });

  it('of a doubtful result looks for items again, and keeps those it has', () => {
    const part = { fromStep: 'discover', kept: 20, total: null, listAgeMs: null };
    expect(ask(aDroppedJob())).toMatchObject({ kind: 'start', parts: [part] });
  });

  it('of an accepted one is refused, and says by whom', () => {
    expect(ask(aDroppedJob({ accepted }))).toEqual({
      kind: 'refused',
      reasons: [{ kind: 'accepted', platform: 'bet9ja', run: 1, by: 'Grace' }],
    });
  });
});
