/** Why a process could not start, or ended by itself, for the people who start it. */
import { explainDatabaseError } from '#db/explain.ts';
import { ConfigError } from '#db/environment.ts';
import { errorFields } from './log.ts';
import { UnexpectedError } from './stop-signal.ts';

/** The configuration is wrong (sysexits' EX_CONFIG): restarting will not help. */
const EXIT_CONFIG = 78;

/** What is printed, and the status the process ends with. `databaseUrl` is named without its password. */
export function startFailure(error: unknown, databaseUrl: string | undefined): { text: string; status: number } {
  if (error instanceof ConfigError) {
    const faults = error.faults.map((fault) => `  - ${fault}`);
    return { text: `${error.message}; nothing was started:\n${faults.join('\n')}\n`, status: EXIT_CONFIG };
  }
  if (error instanceof UnexpectedError) {
    const { error: what, stack } = errorFields(error.cause);
    const text = `Rescrape has ended because of an error that nothing handled. Start it again: runs go on where they stood.\n${stack ?? what}\n`;
    return { text, status: 1 };
  }
  return { text: `Rescrape could not start. ${explainDatabaseError(error, databaseUrl)}\n`, status: 1 };
}
