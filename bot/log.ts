/** Structured logs: one JSON line each on standard error, a static message, data as fields. */
import { pino, type Logger } from 'pino';
import { describeDatabaseError } from '#db/errors.ts';

export type Log = Logger;

/** A logger for one process. Standard output belongs to the console surface, so logs go to standard error. */
export function createLog(level: string, name: string): Log {
  return pino(
    {
      level,
      base: { name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

/**
 * An error as log fields. Library messages may hold whole queries or addresses with passwords, so a database error
 * is reduced to its code and constraint, and every text is cut.
 */
export function errorFields(error: unknown): { error: string; stack?: string } {
  const database = describeDatabaseError(error);
  if (database !== null) return { error: database };
  if (!(error instanceof Error)) return { error: 'something that is no error was thrown' };
  return { error: `${error.name}: ${error.message}`.slice(0, 500), stack: error.stack?.slice(0, 2000) };
}
