/** Closes runs that are too old and that no worker is at: nobody waits for them any more, and nothing would end them. */
import type { Database } from '#db/client.ts';
import { endStaleJobs, staleRuns } from '#db/handover.ts';
import { LEASE_MS } from '#db/jobs.ts';
import { closeSteps, insertFailures } from '#db/steps.ts';
import { failureSentence } from '#scraper/index.ts';
import type { Log } from './log.ts';
import { endUnbegun } from './unbegun.ts';

/** Closes them, each by itself; what is stored stays, and a retry goes on from there. */
export async function closeStaleRuns(database: Database, maxAgeHours: number, log: Log): Promise<void> {
  for (const run of await staleRuns(database.db, { maxAgeHours, leaseMs: LEASE_MS })) {
    const detail = `the run was not over after ${maxAgeHours} hours, and no worker was at it`;
    const ended = await endUnbegun(database, run, async (tx) => {
      const jobs = await endStaleJobs(tx, run.runId);
      for (const job of jobs) {
        const [step = 'discover'] = await closeSteps(tx, job.id, { kind: 'interrupted', detail });
        const headline = failureSentence('interrupted', job.platform);
        const failure = {
          kind: 'interrupted',
          headline,
          detail,
          retryable: true,
          step,
          itemKey: null,
          until: null,
          fingerprint: null,
        } as const;
        await insertFailures(tx, job, [failure]);
      }
      return jobs.map((job) => job.platform);
    });
    if (ended.length > 0) log.warn({ runId: run.runId, ended }, 'a run was too old and is closed');
  }
}
