/** A platform works again: the thread it first broke in is told so. */
import type { Db } from '#db/client.ts';
import { announce } from '#db/runs.ts';
import { endedStreak } from '#db/streaks.ts';

/** Has the first thread of a streak told anew when this job has ended it. Call in the transaction that ends the job. */
export async function tellRecovery(tx: Db, jobId: number): Promise<void> {
  const rootId = await endedStreak(tx, jobId);
  if (rootId !== null) await announce(tx, rootId);
}
