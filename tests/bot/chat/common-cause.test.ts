import { describe, expect, it } from 'vitest';
import type { Chain, CommonCause, JobFacts, RunFacts } from '#db/run-facts.ts';
import { conversation, golden } from '../../helpers/conversation.ts';
import { aChain, after, aJob, aRun, aTelling } from '../../helpers/facts.ts';

const told = aTelling();
const cause: CommonCause = {
  id: 1,
  fingerprint: 'connection',
  platforms: ['sportybet', 'bet9ja'],
  since: after(2),
  openedAt: after(3),
  openedRun: 1,
  closedAt: null,
  closedRun: null,
};

/** A platform that cannot be reached. */
function aLostJob(id: number, platform: string, given: Partial<JobFacts> = {}): JobFacts {
  const detail = 'GET /api/ng/factsCenter/pcUpcomingEvents: the connection was refused (ECONNREFUSED)';
  return aJob({
    id,
    platform,
    status: 'waiting',
    itemsTotal: 0,
    itemsDone: 0,
    discovered: false,
    failureKind: 'unreachable',
    fingerprint: 'connection',
    failedAt: after(id + 1),
    nextAttemptAt: after(20 + id),
    failures: [
      {
        kind: 'unreachable',
        headline: `${platform} did not answer properly (connection, time-out or server error)`,
        detail,
        step: 'discover',
        count: 1,
      },
    ],
    ...given,
  });
}

const lost: Partial<JobFacts> = {
  status: 'failed',
  nextAttemptAt: null,
  attempt: 3,
  failedAt: after(60),
  finishedAt: after(60),
};

function during(run: RunFacts, given: Partial<CommonCause> = {}): Chain {
  return { ...aChain(run), causes: [{ ...cause, ...given }] };
}

describe('a conversation about what breaks several platforms at once', () => {
  it('says it once, who is tried first, and who waits for that', async () => {
    const jobs = [aLostJob(1, 'sportybet'), aLostJob(2, 'bet9ja'), aJob({ id: 3, platform: 'betpawa' })];
    const run = aRun({ status: 'running', jobs });
    await expect(conversation(during(run), told)).toMatchFileSnapshot(golden('common-cause'));
  });

  it('says what can be done when all attempts were made, with one button for all', async () => {
    const jobs = [aLostJob(1, 'sportybet', lost), aLostJob(2, 'bet9ja', lost), aJob({ id: 3, platform: 'betpawa' })];
    const run = aRun({ status: 'partial', jobs });
    await expect(conversation(during(run), told)).toMatchFileSnapshot(golden('common-cause-failed'));
  });

  it('leads from the post that was there before to the common one', async () => {
    const early = { ...lost, attempt: 1, failedAt: after(2), finishedAt: after(2) };
    const jobs = [
      aLostJob(1, 'sportybet', early),
      aLostJob(2, 'bet9ja', { ...early, failedAt: after(3), finishedAt: after(3) }),
    ];
    const run = aRun({ status: 'failed', jobs });
    await expect(conversation(during(run), told)).toMatchFileSnapshot(golden('common-cause-early'));
  });

  it('says when it is over: in its thread, and in that of the run that got on', async () => {
    const jobs = [aLostJob(1, 'sportybet', lost), aLostJob(2, 'bet9ja', lost)];
    const over = { closedAt: after(7_200), closedRun: 7 };
    const then = aTelling({ now: after(7_300) });
    const streak = { before: 1, since: after(60), firstRun: 1, previousAt: after(60), recovered: null };
    const next = aRun({
      id: 7,
      rootId: 7,
      createdAt: after(7_190),
      jobs: [aJob({ id: 9, runId: 7, finishedAt: after(7_204), streak })],
    });
    const both = [aRun({ status: 'failed', jobs }), next].map((run) => conversation(during(run, over), then));
    await expect(both.join('\n')).toMatchFileSnapshot(golden('common-cause-over'));
  });

  it('says in the runs that follow that it lasts, since when, and that one is tried first', async () => {
    const jobs = [
      aLostJob(1, 'sportybet', { runId: 2, failedAt: after(900), nextAttemptAt: after(930) }),
      aLostJob(2, 'bet9ja', {
        runId: 2,
        status: 'pending',
        startedAt: null,
        nextAttemptAt: null,
        fingerprint: null,
        failedAt: null,
        failures: [],
        failureKind: null,
      }),
    ];
    const run = aRun({ id: 2, rootId: 2, status: 'running', createdAt: after(890), jobs });
    await expect(conversation(during(run), aTelling({ now: after(901) }))).toMatchFileSnapshot(
      golden('common-cause-lasts'),
    );
  });

  it('is told in the words of what it is', () => {
    const say = (fingerprint: string) => {
      const jobs = [aLostJob(1, 'sportybet', { fingerprint }), aLostJob(2, 'bet9ja', { fingerprint })];
      return conversation(during(aRun({ status: 'running', jobs }), { fingerprint }), told);
    };
    const title = 'sportybet and bet9ja';
    expect(say('proxy')).toContain(
      `${title} cannot be reached through the proxy: that is most likely the proxy, not the sites`,
    );
    expect(say('blocked')).toContain(
      `${title} block us: that is most likely our address or proxy, not one of the sites`,
    );
    expect(say('status 503')).toContain(`${title} answer with status 503: that is most likely something between us`);
    expect(say('certificate')).toContain(`${title} cannot be reached safely`);
  });
});
