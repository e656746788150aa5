/** Reading a site's JSON: what we use is checked, and what does not fit is named by its path. */
import { z } from 'zod';
import { ScrapeError } from '../errors.ts';

/** An id or code that sites print as text in one version and as a number in the next; always text for us. */
export const idText = z.union([z.string(), z.number()]).transform(String);

/** The id that a work item goes by: never empty, and short enough to be a key. */
export const itemId = idText.refine((id) => id !== '' && id.length <= 200);

/**
 * Checks one part of an answer. What does not fit is thrown as `drifted`, naming the first unfit field as people would
 * look it up in the body: `data.markets[3].outcomes[0].odds is missing`. `root` is where `value` stands in the answer.
 */
export function readShape<Schema extends z.ZodType>(schema: Schema, value: unknown, root: string): z.output<Schema> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = pathText(root, issue?.path ?? []);
  throw new ScrapeError('drifted', `${path} ${issue?.input === undefined ? 'is missing' : 'is of another kind'}`);
}

/**
 * A collection that a site sends as an object or, when the keys happen to fit or it is empty, as a list: always an
 * object here. The keys of what was a list are `[0]`, `[1]` and so on, so that they are not taken for the site's ids.
 */
export function listOrDict<Item extends z.ZodType>(item: Item) {
  return z.preprocess(
    (value) => (Array.isArray(value) ? Object.fromEntries(value.map((one, index) => [`[${index}]`, one])) : value),
    z.record(z.string(), item),
  );
}

/**
 * ISO 8601 in UTC with milliseconds, from epoch milliseconds or text; null for what is no moment (`toISOString` throws
 * on it) and for what no database takes as one. Text without a zone is UTC at our books, never the time zone of this machine.
 */
export function isoOrNull(value: number | string): string | null {
  const zoneless = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/.test(value);
  const date = new Date(zoneless ? `${value.replace(' ', 'T')}Z` : value);
  const year = date.getUTCFullYear();
  return year >= 1970 && year < 2200 ? date.toISOString() : null;
}

/** As {@link isoOrNull}, for a field we cannot do without. */
export function isoOrDrifted(value: number | string, path: string): string {
  const iso = isoOrNull(value);
  if (iso === null) throw new ScrapeError('drifted', `${path} is no moment in time`);
  return iso;
}

function pathText(root: string, path: readonly PropertyKey[]): string {
  const keys = path.map((key) => (typeof key === 'number' ? `[${key}]` : String(key)));
  const text = [root, ...keys]
    .filter(Boolean)
    .reduce((before, key) => before + (key.startsWith('[') ? key : `.${key}`), '');
  return text === '' ? 'the answer' : text.replace(/^\./, '').slice(0, 200);
}
