/** Requests are handled once, however often they are delivered: what was answered is kept with the action. */
import type { Database, Db } from '#db/client.ts';
import { isUniqueViolation, withRetries } from '#db/errors.ts';
import { findAction, insertAction } from '#db/runs.ts';
import type { Intent } from '#bot/runs/requests.ts';

/** What handling came to: the answer, and what is written down of it. `runId` is set when a run was started. */
export interface Handled<Answer> {
  answer: Answer;
  outcome: string;
  runId: number | null;
}

/**
 * Handles a request once: a redelivery gets the stored answer. Two deliveries at the same moment both try; the
 * second meets the first's row, is rolled back whole, and reads the answer.
 */
export async function once<Answer>(
  database: Database,
  intent: Intent,
  name: string,
  args: Record<string, unknown>,
  handle: (tx: Db) => Promise<Handled<Answer>>,
): Promise<Answer> {
  return withRetries(async () => {
    const handled = await findAction(database.db, intent.surface, intent.id);
    if (handled !== null) return handled.answer as Answer;
    try {
      return await database.db.transaction(async (tx) => {
        const { answer, outcome, runId } = await handle(tx);
        await insertAction(tx, {
          surface: intent.surface,
          id: intent.id,
          actor: intent.actor,
          name,
          args,
          outcome,
          answer,
          runId,
        });
        return answer;
      });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      const winner = await findAction(database.db, intent.surface, intent.id);
      if (winner === null) throw error;
      return winner.answer as Answer;
    }
  });
}
