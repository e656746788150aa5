/** Runs in the states that people meet: what is said of them is kept as text and reviewed as wording. */
import type { Chain, JobFacts } from '#db/run-facts.ts';
import { aBrokenJob, aChain, aJob, aMute, aPartialRun, aRetry, aRun, after } from './facts.ts';

export const adaInSlack = { surface: 'slack', id: 'U1', name: 'Ada' };

export function running(): Chain {
  const jobs = [
    aJob({ id: 1 }),
    aBrokenJob({ id: 2, status: 'running', itemsDone: 20, itemsFailed: 0, failures: [], finishedAt: null }),
    aJob({ id: 3, platform: 'betpawa', status: 'pending', itemsTotal: 0, startedAt: null }),
  ];
  return aChain(aRun({ status: 'running', finishedAt: null, jobs }));
}

/** sportybet could not be reached at all, three times. */
export function anUnreachableJob(given: Partial<JobFacts> = {}): JobFacts {
  return aJob({
    id: 1,
    status: 'failed',
    itemsTotal: 0,
    discovered: false,
    failureKind: 'unreachable',
    attempt: 3,
    failures: [
      {
        kind: 'unreachable',
        headline: 'sportybet did not answer properly (connection, time-out or server error)',
        detail: 'GET /api/ng/factsCenter/pcUpcomingEvents: connection refused',
        step: 'discover',
        count: 1,
      },
    ],
    ...given,
  });
}

/** Two platforms broke: one delivered a part, the other nothing. */
export function twoBroken(): Chain {
  return aChain(aRun({ status: 'partial', jobs: [anUnreachableJob(), aBrokenJob({ id: 2 })] }));
}

/** Nothing at all was delivered. */
export function failed(): Chain {
  const blocked = { ...aBrokenJob().failures[1], step: 'discover', count: 1 } as JobFacts['failures'][number];
  const nothing = { status: 'failed', itemsTotal: 0, itemsDone: 0, itemsFailed: 0, discovered: false } as const;
  const bet9ja = aBrokenJob({ ...nothing, stored: null, discoveredAt: null, failures: [blocked] });
  return aChain(aRun({ status: 'failed', jobs: [anUnreachableJob(), bet9ja] }));
}

/** A platform that was not started, because nobody could see its run. */
export function aLeftJob(id: number, platform: string): JobFacts {
  const nothing = { itemsTotal: 0, itemsDone: 0, startedAt: null, discovered: false };
  return aJob({ id, platform, status: 'skipped', failureKind: 'connection_lost', ...nothing });
}

/** Asked for in Slack, which went away when one of three platforms was done. */
export function connectionLost(): Chain {
  const jobs = [aJob({ id: 1 }), aLeftJob(2, 'bet9ja'), aLeftJob(3, 'betpawa')];
  const home = { trigger: 'slack', requestedBy: adaInSlack, homeSurface: 'slack', lostSince: after(-50) };
  return aChain(aRun({ status: 'connection_failed', ...home, jobs }));
}

export function retriedTwice(): Chain {
  const first = { ...aBrokenJob(), id: 4, runId: 2, retryNumber: 1, itemsKept: 31, itemsDone: 9, itemsFailed: 8 };
  const second = { id: 5, runId: 3, retryNumber: 2, itemsKept: 40, itemsDone: 8 };
  const again = aRetry(second, { id: 3, trigger: 'retry:2', requestedBy: adaInSlack });
  return aChain(aPartialRun(), aRetry(first, { status: 'partial' }), again);
}

/** Ada muted bet9ja an hour before the run. */
export function muted(): Chain {
  return { ...aChain(aPartialRun()), mutes: [aMute({ since: after(-3_600) })] };
}

/** Sixty platforms, of which every so many-th is blocked; four, unless told otherwise. */
export function sixty(every = 15): Chain {
  const jobs = Array.from({ length: 60 }, (_, index) => {
    const platform = `platform-${String(index + 1).padStart(2, '0')}`;
    if (index % every !== Math.floor(every / 2)) return aJob({ id: index + 1, platform });
    const headline = `${platform} blocked us`;
    const failures = [{ ...aBrokenJob().failures[1], kind: 'blocked' as const, headline }];
    return aBrokenJob({ id: index + 1, platform, failures: failures as JobFacts['failures'] });
  });
  return aChain(aRun({ status: 'partial', jobs }));
}
