/** Requests are handled once, however often they are delivered: what was answered is kept with the action. */
import type { Database, Db } from '#db/client.ts';
import { isUniqueViolation, withRetries } from '#db/errors.ts';
import { findAction, insertAction } from '#db/runs.ts';
import type { Intent } from '#bot/runs/requests.ts';

/** What handling came to: the answer, and what is written down of it. `runId` is set when a run was started or changed. */
export interface Handled<Answer> {
  answer: Answer;
  outcome: string;
  runId: number | null;
}

/** Nothing of a request was written down within its time, and nothing of it will be. */
export class TooLate extends Error {
  override name = 'TooLate';
}

/**
 * Handles a request once: a redelivery gets the stored answer. Two deliveries at the same moment both try; the
 * second meets the first's row, is rolled back whole, and reads the answer. Rejects with {@link TooLate} at the
 * request's `until` unless writing it down had begun to be committed.
 *
 * `refuse` looks first, without a transaction and its locks: many who press one button at once are refused side by side
 * and do not wait for each other. Null leaves it to `handle`, which decides for good.
 */
export async function once<Answer>(
  database: Database,
  intent: Intent,
  name: string,
  args: Record<string, unknown>,
  handle: (tx: Db) => Promise<Handled<Answer>>,
  refuse: (db: Db) => Promise<Handled<Answer> | null> = async () => null,
): Promise<Answer> {
  using gate = openGate(intent.until);
  const { surface, id, actor } = intent;

  async function write(db: Db, handled: Handled<Answer>): Promise<Answer> {
    gate.check();
    await insertAction(db, { surface, id, actor, name, args, ...handled });
    return handled.answer;
  }

  async function decide(): Promise<Answer> {
    const refusal = await refuse(database.db);
    if (refusal !== null) {
      gate.pass();
      return write(database.db, refusal);
    }
    return database.db.transaction(async (tx) => {
      const answer = await write(tx, await handle(tx));
      gate.pass();
      return answer;
    });
  }

  const handling = withRetries(async () => {
    try {
      return await decide();
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      const winner = await findAction(database.db, surface, id);
      if (winner === null) throw error;
      return winner.answer as Answer;
    }
  });
  return await Promise.race([handling, gate.shut]);
}

/** Stands before the commit, and shuts at `until`: whoever was told that nothing was started can rely on it. */
function openGate(until: number | undefined) {
  const { promise: shut, reject } = Promise.withResolvers<never>();
  shut.catch(() => {});
  let state: 'open' | 'passed' | 'shut' = 'open';
  const close = () => {
    if (state !== 'open') return;
    state = 'shut';
    reject(new TooLate('not written down in time'));
  };
  const check = () => {
    if (state === 'shut') throw new TooLate('not written down in time');
  };
  const timer = until === undefined ? undefined : setTimeout(close, Math.max(0, until - performance.now()));
  return {
    shut,
    check,
    /** Called right before the commit. What has passed once and failed may try again: its fate is not known. */
    pass() {
      check();
      state = 'passed';
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
