/**
 * What drizzle takes for a postgres.js client. It calls `unsafe`, `begin` and `savepoint` and nothing else; each gets a
 * link of the pool and a deadline, the waiting for the link included.
 */
import type { PostgresSql } from './postgres.ts';
import { DatabaseTimeout } from './errors.ts';
import type { Link, Rows, TypeMaps } from './link.ts';
import { lend, type Pool } from './pool.ts';

/** How long a statement, and a whole transaction, may take. */
export interface Limits {
  queryMs: number;
  transactionMs: number;
}

/** The rows of a statement as objects; as lists of values, if that is asked for at once. */
interface Pending extends Promise<Rows> {
  values(): Promise<Rows>;
}

type Run = (text: string, params: readonly unknown[], values: boolean) => Promise<Rows>;

interface Scope {
  options: TypeMaps;
  unsafe(text: string, params?: readonly unknown[]): Pending;
  savepoint<T>(work: (scope: Scope) => Promise<T>): Promise<T>;
}

/** Answers drizzle's calls from the pool. `types` is where drizzle puts its parsers; every link gets them. */
export function drizzleClient(pool: Pool, types: TypeMaps, limits: Limits): PostgresSql {
  const single: Run = (text, params, values) =>
    lend(pool, limits.queryMs, (link, left) => link.run({ text, params, values, deadlineMs: left(limits.queryMs) }));

  const client = {
    options: types,
    unsafe: (text: string, params: readonly unknown[] = []) => pending(single, text, params),
    begin: <T>(work: (scope: Scope) => Promise<T>) =>
      lend(pool, limits.queryMs, (link, left) => transaction(link, left, types, limits, work)),
  };
  return client as unknown as PostgresSql;
}

async function transaction<T>(
  link: Link,
  left: (limitMs: number) => number,
  types: TypeMaps,
  limits: Limits,
  work: (scope: Scope) => Promise<T>,
): Promise<T> {
  let over = false;
  let savepoints = 0;
  let firstError: unknown = null;
  const run: Run = async (text, params, values) => {
    if (over) throw new Error('A statement was sent after its transaction had ended; await everything inside it.');
    const deadlineMs = Math.min(limits.queryMs, left(limits.transactionMs));
    try {
      return await link.run({ text, params, values, deadlineMs });
    } catch (error) {
      firstError ??= error;
      throw error;
    }
  };
  const control = (text: string) => run(text, [], false);
  const scope: Scope = {
    options: types,
    unsafe: (text, params = []) => pending(run, text, params),
    async savepoint(inner) {
      const name = `s${++savepoints}`;
      await control(`savepoint ${name}`);
      try {
        const result = await inner(scope);
        await control(`release savepoint ${name}`);
        return result;
      } catch (error) {
        await control(`rollback to savepoint ${name}`);
        firstError = null;
        throw error;
      }
    },
  };
  try {
    await control('begin');
    const result = await within(left(limits.transactionMs), limits.transactionMs, work(scope));
    const { command } = await control('commit');
    // Postgres answers the commit of a failed transaction with ROLLBACK and no error.
    if (command === 'ROLLBACK') throw firstError ?? new Error('The transaction was rolled back.');
    return result;
  } catch (error) {
    if (!link.lost.aborted) await link.run({ text: 'rollback', deadlineMs: 1000 }).catch(() => link.destroy());
    throw error;
  } finally {
    over = true;
  }
}

/** Ends the waiting for a transaction whose own code dawdles; the database is not to blame, so its link is kept. */
async function within<T>(ms: number, limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DatabaseTimeout(`The transaction took longer than ${limitMs / 1000} s.`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function pending(run: Run, text: string, params: readonly unknown[]): Pending {
  let asValues = false;
  // Drizzle says in the same breath whether it wants values.
  const rows = Promise.resolve().then(() => run(text, params, asValues));
  return Object.assign(rows, {
    values() {
      asValues = true;
      return rows;
    },
  });
}
