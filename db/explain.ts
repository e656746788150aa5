/** A database error for the people who set the address: what happened, what it means, what to do. */
import { ConfigError } from './environment.ts';
import { databaseFault, describeDatabaseError, isTransient } from './errors.ts';

/** A sentence or two without password, statement or parameters. Errors that are not the database's speak for themselves. */
export function explainDatabaseError(error: unknown, url: string | undefined): string {
  if (error instanceof ConfigError) return error.faults.map((fault) => `${fault}.`).join(' ');
  const code = databaseFault(error)?.code ?? '';
  const at = place(url);
  if (code === '28P01' || code === '28000') {
    return `The server${at.host} does not let us in (${code}). Correct user and password in DATABASE_URL.`;
  }
  if (code === '3D000') {
    return `The server${at.host} has no database${at.name}. Create it, or correct DATABASE_URL.`;
  }
  if (code === '42501') {
    return `The user of DATABASE_URL lacks a right in the database${at.name}. Make it the owner of that database.`;
  }
  if (isTransient(error)) {
    return (
      `The database${at.host} cannot be reached (${code}), and without it nothing can be stored. ` +
      'See that the server runs and that DATABASE_URL names it; without DATABASE_URL the bundled one is used.'
    );
  }
  return describeDatabaseError(error) ?? (error instanceof Error ? error.message : String(error));
}

function place(text: string | undefined): { host: string; name: string } {
  if (!text || !URL.canParse(text)) return { host: '', name: '' };
  const url = new URL(text);
  const host = url.searchParams.get('host') ?? url.host;
  return { host: ` at ${decodeURIComponent(host)}`, name: ` ${decodeURIComponent(url.pathname.slice(1))}` };
}
