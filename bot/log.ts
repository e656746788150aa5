/** Structured logs: one JSON line each on standard error, a static message, data as fields. */
import { pino, type Logger } from 'pino';
import { boundedFields } from './log-fields.ts';
import { createRedactor, type Redactor } from './redactor.ts';

export { errorFields } from './log-fields.ts';

export type Log = Logger;

/** A logger for one process. Standard output belongs to the console surface, so logs go to standard error. */
export function createLog(level: string, name: string, redactor: Redactor = createRedactor()): Log {
  const stderr = pino.destination({ dest: 2, sync: true });
  return pino(
    {
      level,
      base: { name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: boundedFields },
    },
    { write: (line: string) => void stderr.write(redactor.clean(line)) },
  );
}
