/** Keeps what sites answered where something broke or is missing, and forgets it again when its time is over. */
import type { Database } from '#db/client.ts';
import { withRetries } from '#db/errors.ts';
import { forgetAnswers, keepAnswer, keptAnswer, type EvidenceLimits } from '#db/evidence.ts';
import { fence, type HeldJob } from '#db/jobs.ts';
import type { Evidence } from '#scraper/index.ts';

export type EvidenceService = ReturnType<typeof createEvidenceService>;

/** Makes the service; with `hours` 0 it keeps nothing, and forgets what was kept before. */
export function createEvidenceService(database: Database, limits: EvidenceLimits) {
  return {
    keep(job: HeldJob, evidence: Evidence): Promise<void> {
      if (limits.hours === 0) return Promise.resolve();
      return withRetries(() =>
        database.db.transaction(async (tx) => {
          await fence(tx, job);
          await keepAnswer(tx, job, evidence);
        }),
      );
    },

    /** What was kept last of an item of the job's platform; null when there is nothing. */
    read(job: HeldJob, step: string, itemKey: string): Promise<Buffer | null> {
      return withRetries(() => keptAnswer(database.db, job.platform, step, itemKey));
    },

    /** Deletes what is older than its time, or beyond the number a platform may have. */
    forget(): Promise<number> {
      return withRetries(() => forgetAnswers(database.db, limits));
    },
  };
}
