/** Where the database is: the server one names, or the bundled one. */
import { startEmbedded } from './embedded.ts';
import type { DatabaseLog } from './log.ts';

/** An address, and what to call when it is not needed any more. */
export interface Located {
  url: string;
  release(): Promise<void>;
}

/** `databaseUrl` wins; without it a Postgres of our own is reached or started below `dataDir`. */
export async function locateDatabase(wanted: {
  databaseUrl: string | null | undefined;
  dataDir: string;
  log: DatabaseLog;
}): Promise<Located> {
  if (wanted.databaseUrl) return { url: wanted.databaseUrl, release: () => Promise.resolve() };
  return startEmbedded(wanted.dataDir, wanted.log);
}
