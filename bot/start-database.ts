/** Where the database of a process is. The bundled one is started, and has a password that its configuration does not know. */
import { locateDatabase, type Located } from '#db/locate.ts';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import { passwordsOf, type Redactor } from './redactor.ts';

/** Starts or names it; the redactor knows its password from then on. Rejects with what to do where it cannot be started. */
export async function startDatabase(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  { log, redactor }: { log: Log; redactor: Redactor },
): Promise<Located> {
  const located = await locateDatabase({ databaseUrl, dataDir, log });
  redactor.know(passwordsOf(located.url));
  return located;
}
