/** What may stand in a log line besides its message: little, and nothing that a library put into an error. */
import { describeDatabaseError } from '#db/errors.ts';

/** Most bytes of one field, of a stack, and of all fields of a line, as they are written. */
const FIELD_BYTES = 1_000;
const STACK_BYTES = 2_000;
const LINE_BYTES = 3_800;

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

/** The fields of a line, cut so that the line stays below 4 KB; what is left of an error object is what may be told of it. */
export function boundedFields(fields: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  let left = LINE_BYTES;
  for (const [name, value] of Object.entries(fields)) {
    const most = Math.min(name === 'stack' ? STACK_BYTES : FIELD_BYTES, left);
    const told = bounded(value instanceof Error ? errorFields(value).error : value, most);
    left -= bytesOf(name) + bytesOf(told) + 2;
    if (left > 0) kept[name] = told;
  }
  return kept;
}

/** What is too long, or cannot be written, is told as text, as much of it as there is room for. */
function bounded(value: unknown, most: number): unknown {
  const whole = typeof value === 'string' ? value.toWellFormed() : value;
  if (bytesOf(whole) <= most) return whole;
  let text = (typeof whole === 'string' ? whole : (written(whole) ?? String(whole))).slice(0, most).toWellFormed();
  while (text !== '' && bytesOf(text) > most) text = text.slice(0, Math.floor(text.length / 2)).toWellFormed();
  return text;
}

function bytesOf(value: unknown): number {
  if (value === undefined) return 0;
  return Buffer.byteLength(written(value) ?? ' '.repeat(LINE_BYTES));
}

/** Null for what JSON does not know, such as a circle or a BigInt. */
function written(value: unknown): string | null {
  try {
    return JSON.stringify(value) ?? null;
  } catch {
    return null;
  }
}
