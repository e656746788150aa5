/** Why a page could not be made, in words that hold no secret. */
import { HistoryError } from '#db/history.ts';

/** The page was not made; the message is one line, and holds no secret. */
export class PageError extends Error {
  override name = 'PageError';
}

/** Our own reasons in full; of others, such as a full disk, only the kind. */
export function reasonOf(error: unknown): string {
  if (error instanceof HistoryError || (error instanceof Error && error.name === 'PageError')) return error.message;
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
