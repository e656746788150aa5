/** Facts for the pure parts: only what a test cares about is given, the rest is an ordinary finished job of an ordinary run. */
import type { Telling } from '#bot/chat/platform-words.ts';
import type { Chain, JobFacts, MuteFacts, RunFacts } from '#db/run-facts.ts';

export const NOON = new Date('2026-11-23T12:00:00.000Z');

export function after(seconds: number): Date {
  return new Date(NOON.getTime() + seconds * 1000);
}

export function aJob(given: Partial<JobFacts> = {}): JobFacts {
  const status = given.status ?? 'completed';
  const finished = !['pending', 'running', 'waiting'].includes(status);
  return {
    id: 1,
    runId: 1,
    platform: 'sportybet',
    status,
    retryNumber: 0,
    rescrape: false,
    attempt: 1,
    fromStep: 'discover',
    nextAttemptAt: null,
    itemStep: 'extract',
    backfill: null,
    itemsTotal: 48,
    itemsKept: 0,
    itemsDone: status === 'completed' ? 48 : 0,
    itemsFailed: 0,
    further: [],
    itemsGone: 0,
    failureKind: null,
    fingerprint: null,
    failedAt: null,
    precedent: null,
    accepted: null,
    startedAt: NOON,
    finishedAt: finished ? after(4.2) : null,
    discovered: true,
    discoveredAt: null,
    stored: null,
    streak: null,
    steps: [],
    failures: [],
    ...given,
  };
}

/** bet9ja as it breaks in the demo: 31 of 48 events, three server errors, then the block page. */
export function aBrokenJob(given: Partial<JobFacts> = {}): JobFacts {
  return aJob({
    id: 2,
    platform: 'bet9ja',
    status: 'partial',
    itemsDone: 31,
    itemsFailed: 8,
    failureKind: 'blocked',
    discoveredAt: NOON,
    stored: { from: NOON, to: NOON },
    failures: [
      {
        kind: 'unreachable',
        headline: 'bet9ja did not answer properly (connection, time-out or server error)',
        detail: 'GET /desktop/feapi/PalimpsestAjax/GetEvent answered 503',
        step: 'extract',
        count: 3,
      },
      {
        kind: 'blocked',
        headline: 'bet9ja blocked us',
        detail: 'GET /desktop/feapi/PalimpsestAjax/GetEvent answered 403 with a block page',
        step: 'extract',
        count: 5,
      },
    ],
    ...given,
  });
}

/** A site that listed hardly anything: 20 events where 412 are usual. */
export function aDroppedJob(given: Partial<JobFacts> = {}): JobFacts {
  return aJob({
    id: 2,
    platform: 'bet9ja',
    status: 'partial',
    itemsTotal: 20,
    itemsDone: 20,
    failureKind: 'dropped',
    stored: { from: NOON, to: NOON },
    failures: [
      {
        kind: 'dropped',
        headline: 'bet9ja delivered far less than usual',
        detail: '20 events found, usual are 412 (the median of the last 7 good runs)',
        step: 'extract',
        count: 1,
      },
    ],
    ...given,
  });
}

/** A site that renamed a field of every event. */
export function aDriftedJob(given: Partial<JobFacts> = {}): JobFacts {
  return aJob({
    id: 2,
    platform: 'bet9ja',
    status: 'failed',
    itemsTotal: 412,
    itemsFailed: 412,
    failureKind: 'drifted',
    discoveredAt: NOON,
    steps: [
      {
        name: 'extract',
        attempt: 1,
        status: 'failed',
        itemsTotal: 412,
        itemsDone: 0,
        itemsFailed: 412,
        errorKind: 'drifted',
        error: 'outcomes[].odds is missing in 412 of 412 events',
      },
    ],
    failures: [
      {
        kind: 'drifted',
        headline: 'bet9ja changed its answers; the scraper has to learn the new shape',
        detail: 'outcomes[0].odds is missing',
        step: 'extract',
        count: 50,
      },
    ],
    ...given,
  });
}

/** A site that listed nothing. */
export function anEmptyJob(given: Partial<JobFacts> = {}): JobFacts {
  return aJob({
    status: 'failed',
    itemsTotal: 0,
    discovered: false,
    failureKind: 'empty',
    failures: [
      {
        kind: 'empty',
        headline: 'sportybet delivered nothing at all',
        detail: 'no items were found',
        step: 'discover',
        count: 1,
      },
    ],
    ...given,
  });
}

export function aRun(given: Partial<RunFacts> = {}): RunFacts {
  const jobs = given.jobs ?? [aJob()];
  return {
    id: 1,
    status: 'completed',
    trigger: 'console',
    retryOf: null,
    rootId: 1,
    rescrapeOf: null,
    platforms: jobs.map((job) => job.platform),
    requestedBy: { surface: 'console', id: 'ada', name: 'Ada' },
    homeSurface: 'console',
    lostSince: null,
    cancelledBy: null,
    createdAt: NOON,
    startedAt: NOON,
    finishedAt: jobs.every((job) => job.finishedAt !== null) ? after(6) : null,
    jobs,
    files: [],
    overlapped: null,
    ...given,
  };
}

/** A mute of bet9ja by Ada that holds from noon on. */
export function aMute(given: Partial<MuteFacts> = {}): MuteFacts {
  return {
    platform: 'bet9ja',
    by: { surface: 'console', id: 'ada', name: 'Ada' },
    since: NOON,
    until: null,
    endedAt: null,
    endedRun: null,
    ...given,
  };
}

export function aChain(root: RunFacts, ...retries: RunFacts[]): Chain {
  return { rootId: root.id, runs: [root, ...retries], mutes: [], breakers: [], causes: [] };
}

/** The run of the demo: sportybet and betpawa delivered, bet9ja broke in the middle. */
export function aPartialRun(broken: Partial<JobFacts> = {}): RunFacts {
  return aRun({
    status: 'partial',
    jobs: [aJob({ id: 1 }), aBrokenJob({ id: 2, ...broken }), aJob({ id: 3, platform: 'betpawa' })],
  });
}

/** A retry of bet9ja, run 2, by Grace from Discord. */
export function aRetry(job: Partial<JobFacts> = {}, run: Partial<RunFacts> = {}): RunFacts {
  const retried = aJob({
    id: 4,
    runId: 2,
    platform: 'bet9ja',
    retryNumber: 1,
    fromStep: 'extract',
    itemsKept: 31,
    itemsDone: 17,
    ...job,
  });
  return aRun({
    id: 2,
    trigger: 'retry:1',
    retryOf: 1,
    rootId: 1,
    requestedBy: { surface: 'discord', id: '77', name: 'Grace' },
    status: retried.finishedAt === null ? 'running' : retried.status === 'completed' ? 'completed' : 'failed',
    jobs: [retried],
    ...run,
  });
}

export function aTelling(given: Partial<Telling> = {}): Telling {
  return {
    platform: () => ({
      noun: { one: 'event', many: 'events' },
      nouns: {},
      terms: { maxAgeMs: 600_000, firstStep: 'discover', itemStep: 'extract' },
      backfills: [],
    }),
    now: after(10),
    maxRunAgeDays: 7,
    courtesies: { mentionStarter: false, onSuccess: 'thread' },
    attempts: () => 3,
    timeZone: 'UTC',
    statusUrl: null,
    ...given,
  };
}
