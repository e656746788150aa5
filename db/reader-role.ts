/** The role that sees the views of schema `status` and nothing else: what the status page reads with. */
import { databaseFault } from './errors.ts';
import type { Link } from './link.ts';
import type { DatabaseLog } from './log.ts';

const deadlineMs = 10_000;

/** What is missing, one row each: nothing is written where all is in place, and no right is needed to find that out. */
const missing = `
  select 1 as step, 'create role rescrape_reader nologin' as command
  where not exists (select from pg_roles where rolname = 'rescrape_reader')
  union all
  select 2, 'grant rescrape_reader to current_user'
  where not exists (select from pg_roles where rolname = 'rescrape_reader' and pg_has_role(oid, 'member'))
  union all
  select 3, 'grant usage on schema status to rescrape_reader'
  from pg_namespace n where nspname = 'status' and not exists (
    select from pg_roles r where rolname = 'rescrape_reader' and has_schema_privilege(r.oid, n.oid, 'usage'))
  union all
  select 4, format('grant select on %s to rescrape_reader', c.oid::regclass)
  from pg_class c where relnamespace = to_regnamespace('status') and relkind = 'v' and not exists (
    select from pg_roles r where rolname = 'rescrape_reader' and has_table_privilege(r.oid, c.oid, 'select'))
  order by step`;

/** Roles belong to the server, so processes of two databases may do this at the same time. */
const metAnother = new Set(['23505', '40001', 'XX000']);

/** Makes the role where it is missing and gives it its rights. Without the right to do so it warns and goes on. */
export async function ensureReader(link: Link, log?: Pick<DatabaseLog, 'warn'>): Promise<void> {
  const refused: string[] = [];
  for (const row of await link.run({ text: missing, deadlineMs })) {
    const { command } = row as { command: string };
    if (!(await attempt(link, command))) refused.push(command);
  }
  if (refused.length === 0) return;
  log?.warn(
    { remedy: refused.join('; ') },
    'the read-only role is not complete, so the status page reads as the owner; let an administrator run the remedy once',
  );
}

/** False when we lack the right. */
async function attempt(link: Link, command: string): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    try {
      await link.run({ text: command, deadlineMs });
      return true;
    } catch (error) {
      const code = databaseFault(error)?.code ?? '';
      // 42704: the role could not be made a step earlier.
      if (code === '42501' || code === '42704') return false;
      if (code === '42710') return true;
      if (tries === 5 || !metAnother.has(code)) throw error;
    }
  }
}
