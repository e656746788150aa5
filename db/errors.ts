/** What a database error is to us: a code and a constraint. Its message may hold every parameter, so it is never kept. */
import { nap } from './nap.ts';

/** A statement or transaction had no answer within our deadline; whether it took effect is not known. Worth a retry. */
export class DatabaseTimeout extends Error {
  override name = 'DatabaseTimeout';
  readonly code = 'DATABASE_TIMEOUT';
}

/** There is no connection, or it went away; whether a statement took effect is not known. Worth a retry. */
export class DatabaseLost extends Error {
  override name = 'DatabaseLost';
  /** The operating system's or driver's word for it, such as `ECONNREFUSED`. */
  readonly code: string;

  constructor(message: string, code = 'DATABASE_LOST') {
    super(message);
    this.code = code;
  }
}

/** The parts of a Postgres error that hold no data of ours. `code` is the SQLSTATE, or why there was no answer. */
export interface DatabaseFault {
  code: string;
  constraint: string | null;
  table: string | null;
}

const transientStates = new Set([
  '25P03', // idle in transaction for too long
  '40001', // serialization
  '40P01', // deadlock
  '53000', // out of some resource
  '53100', // its disk is full
  '53200', // out of memory
  '53300', // too many connections
  '55P03', // lock timeout
  '57014', // statement timeout
  '57P01', // shutting down
  '57P02', // crash of another session
  '57P03', // starting up
]);

const connectionCodes = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);

/** What an error of a driver or socket means: one that only says the connection is gone becomes DatabaseLost. */
export function asLost(error: unknown): unknown {
  const code = codeOf(error);
  if (code === null || !connectionCodes.has(code) || error instanceof DatabaseLost) return error;
  return new DatabaseLost(`The connection to the database failed (${code}).`, code);
}

/** Reads the fault out of an error or its causes (drizzle wraps the driver's error); null for what is not the database's. */
export function databaseFault(error: unknown): DatabaseFault | null {
  for (const { at } of causes(error)) {
    if (at instanceof DatabaseTimeout || at instanceof DatabaseLost) {
      return { code: at.code, constraint: null, table: null };
    }
    // postgres.js and pg name the constraint differently; both have a severity, which no other error has.
    const fields = at as Error & Record<string, unknown>;
    if (typeof fields['severity'] !== 'string' || typeof fields['code'] !== 'string') continue;
    return {
      code: fields['code'],
      constraint: textOrNull(fields['constraint_name'] ?? fields['constraint']),
      table: textOrNull(fields['table_name'] ?? fields['table']),
    };
  }
  return null;
}

/** Whether a row was refused because its key exists; with a name, only by that constraint or unique index. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const fault = databaseFault(error);
  return fault?.code === '23505' && (constraint === undefined || fault.constraint === constraint);
}

/**
 * Whether the same transaction may succeed in a moment: connection, deadlock, serialization, shutdown, our deadline, or a
 * table that was changed after the statement was prepared.
 */
export function isTransient(error: unknown): boolean {
  for (const { at } of causes(error)) {
    if (at instanceof DatabaseTimeout || at instanceof DatabaseLost) return true;
    if ('routine' in at && at.routine === 'RevalidateCachedQuery') return true;
  }
  const code = databaseFault(error)?.code;
  return code !== undefined && (transientStates.has(code) || code.startsWith('08'));
}

/** What whoever reads a log can put right. */
const words: Readonly<Record<string, string>> = {
  '53100': 'the disk of the database is full',
  '53200': 'the database is out of memory',
  '53300': 'the database has no connection left',
};

/** A database error in words that may be logged or stored, code and constraint; null for any other error. */
export function describeDatabaseError(error: unknown): string | null {
  const fault = databaseFault(error);
  const parts = [fault?.code, fault && words[fault.code], fault?.constraint ?? fault?.table];
  if (fault) return parts.filter((part) => part !== null && part !== undefined).join(' ');
  // A query that failed before it reached the database: drizzle's message holds the parameters all the same.
  for (const { at, cause } of causes(error)) {
    if (!('query' in at && 'params' in at)) continue;
    return `query not sent ${codeOf(cause) ?? (cause instanceof Error ? cause.name : '')}`.trim();
  }
  return null;
}

/** How `withRetries` repeats. Waits double from `firstWaitMs`, each between half and whole. */
export interface RetryOptions {
  tries?: number;
  firstWaitMs?: number;
  signal?: AbortSignal;
}

/**
 * Runs a whole transaction again when it failed for a reason that passes, at most five times in all. What it writes needs
 * a key of its own: when the answer to a commit was lost, the work may already be done.
 */
export async function withRetries<T>(work: () => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const { tries = 5, firstWaitMs = 50, signal } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= tries || signal?.aborted || !isTransient(error)) throw error;
      await nap(firstWaitMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2), signal);
    }
  }
}

function* causes(error: unknown): Generator<{ at: Error; cause: unknown }> {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++)
    yield { at, cause: at.cause };
}

/** Several addresses of one host fail together; the first says why. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
