/** The rules of tests/invariants.sql, read and run. */
import { readFileSync } from 'node:fs';
import type { Db } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';

/** One rule: its query returns what breaks it. */
export interface Invariant {
  name: string;
  /** What it says, for people. */
  says: string;
  query: string;
}

/** A row that breaks a rule. */
export interface Breach {
  invariant: string;
  row: unknown;
}

/** Rows shown of each broken rule. */
const SHOWN = 3;
const RULE = /^-- ([a-z]+(?:-[a-z]+)+): (.*(?:\n-- .*)*)\n([^;]+);$/gm;

/** Every rule, in the order of the file. */
export const invariants: readonly Invariant[] = readInvariants(
  readFileSync(new URL('../invariants.sql', import.meta.url), 'utf8'),
);

function readInvariants(text: string): Invariant[] {
  const found = [...text.matchAll(RULE)].map(([, name = '', says = '', query = '']) => ({
    name,
    says: says.replaceAll('\n-- ', ' '),
    query,
  }));
  const queries = text.match(/;$/gm)?.length ?? 0;
  if (found.length !== queries)
    throw new Error(`tests/invariants.sql: ${found.length} of ${queries} queries were read`);
  return found;
}

/** What breaks the rules now: one statement, and so one moment, whoever is still writing. */
export async function breaches(db: Db, except: ReadonlySet<string> = new Set()): Promise<Breach[]> {
  const queue = await db.execute<{ there: boolean }>(sql`select to_regclass('pgboss.job') is not null as there`);
  // The queue's own tables are made when it is first started.
  const able = invariants.filter(({ query }) => queue[0]?.there === true || !query.includes('pgboss.'));
  const parts = able
    .filter(({ name }) => !except.has(name))
    .map(
      ({ name, query }) =>
        `(select '${name}' as invariant, to_jsonb(broken) as row from (${query}) broken limit ${SHOWN})`,
    );
  return parts.length === 0
    ? []
    : [...(await db.execute<Breach & Record<string, unknown>>(sql.raw(parts.join(' union all '))))];
}

/** Rejects, in words, when a rule is broken. */
export async function expectUnbroken(db: Db, except: ReadonlySet<string>): Promise<void> {
  const broken = await breaches(db, except);
  if (broken.length === 0) return;
  const lines = broken.map(({ invariant, row }) => {
    const says = invariants.find(({ name }) => name === invariant)?.says ?? '';
    return `${invariant}: ${says}\n  broken by ${JSON.stringify(row)}`;
  });
  throw new Error(`The database breaks rules of tests/invariants.sql.\n${lines.join('\n')}`);
}
