/** Reading a site's JSON: what we use is checked, and what does not fit is named by its path. */
import { z } from 'zod';
import { mergeDrifts, placesOf, type Drift } from '../drift.ts';
import { drifted, ScrapeError } from '../errors.ts';

/**
 * An id or code that sites print as text in one version and as a number in the next; always text for us. A number beyond
 * 2^53 has lost its last digits by the time it is read, so two ids could become one: it does not fit.
 */
export const idText = z.union([z.string(), z.int()]).transform(String);

/** The id that a work item goes by: never empty, and short enough to be a key. */
export const itemId = idText.refine((id) => id !== '' && id.length <= 200);

/**
 * Checks one part of an answer. What does not fit is thrown as `drifted`, naming the first unfit field as people would
 * look it up in the body, and in how many of its places: `data.markets[].outcomes[].odds is missing in 28 of 28`. `root`
 * is where `value` stands in the answer.
 */
export function readShape<Schema extends z.ZodType>(schema: Schema, value: unknown, root: string): z.output<Schema> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw drifted(driftsOf(result.error, value, root)[0] ?? { path: root, problem: 'does not fit' });
}

/**
 * Checks the parts of a list one by one: those that do not fit are null, and told together. `root` is where each part
 * stands: `data.markets[]`.
 */
export function readEach<Schema extends z.ZodType>(
  schema: Schema,
  values: readonly unknown[],
  root: string,
): { read: (z.output<Schema> | null)[]; drifts: Drift[] } {
  const read: (z.output<Schema> | null)[] = [];
  const found: Drift[] = [];
  let places = 0;
  for (const value of values) {
    // What was unfit in a thousand places is not looked at any further.
    const result = places < mostUnfit ? schema.safeParse(value, { reportInput: true }) : null;
    read.push(result?.success ? result.data : null);
    if (!result || result.success) continue;
    places += result.error.issues.length;
    found.push(...driftsOf(result.error, value, root));
  }
  const drifts = mergeDrifts(found).map((drift) => {
    const inside = drift.path
      .slice(root.length)
      .split(/\.|(?=\[\])/)
      .filter(Boolean);
    return { ...drift, of: values.reduce<number>((sum, value) => sum + placesOf(value, inside), 0) };
  });
  return { read, drifts };
}

/** The unfit places of one value, those of the same field together, in the order they were met. */
function driftsOf(error: z.ZodError, value: unknown, root: string): Drift[] {
  const found = new Map<string, { drift: Drift; path: readonly string[] }>();
  for (const issue of error.issues) {
    const path = issue.path.map(general);
    const problem = issue.input === undefined ? 'is missing' : 'is of another kind';
    const key = `${path.join('.')} ${problem}`;
    const before = found.get(key);
    if (before) before.drift.count += 1;
    else found.set(key, { drift: { path: pathText(root, path), problem, count: 1, of: 0 }, path });
  }
  // Once per field: a hostile answer has as many unfit places as it has values.
  return Array.from(found.values(), ({ drift, path }) => ({ ...drift, of: placesOf(value, path) }));
}

/** A place in a list, or in what may come as a list, is any place. */
function general(key: PropertyKey): string {
  return typeof key === 'number' || /^\[?\d+\]?$/.test(String(key)) ? '[]' : String(key);
}

/** Parts of one list: the longest known, the markets of one event, has some 1,300. */
const mostParts = 5_000;

/** Unfit places after which the rest of a list is not looked at: enough to name the field and how often it is unfit. */
const mostUnfit = 1_000;

/**
 * A list, instead of `z.array`: that one words everything which is wrong with each part, and an answer made of nothing
 * but wrong parts keeps the process busy for seconds. Throws `too_large` for a list longer than any.
 */
export function list<Item extends z.ZodType>(item: Item) {
  return z.unknown().transform((value, context): z.output<Item>[] => {
    if (!Array.isArray(value)) return unfit(value, context);
    refuseLong(value.length);
    return readParts(item, [...value.entries()], context).map(([, part]) => part);
  });
}

/**
 * A collection that a site sends as an object or, when the keys happen to fit or it is empty, as a list: always an
 * object here. The keys of what was a list are `[0]`, `[1]` and so on, so that they are not taken for the site's ids.
 */
export function listOrDict<Item extends z.ZodType>(item: Item) {
  return z.unknown().transform((value, context): Record<string, z.output<Item>> => {
    if (typeof value !== 'object' || value === null) return unfit(value, context);
    refuseLong(Array.isArray(value) ? value.length : Object.keys(value).length);
    const parts = Array.isArray(value)
      ? value.map((part, index): [string, unknown] => [`[${index}]`, part])
      : Object.entries(value);
    return Object.fromEntries(readParts(item, parts, context));
  });
}

/** A part of a list as it came, of which the id alone is known. */
export interface Identified {
  id: string | number;
  [field: string]: unknown;
}

/** {@link idText} by hand, without making anything new: for lists of hundreds of which a few are ours. */
function isIdentified(part: unknown): part is Identified {
  if (typeof part !== 'object' || part === null || !('id' in part)) return false;
  return typeof part.id === 'string' || Number.isSafeInteger(part.id);
}

/** A list whose parts are only known to have an id: they are not copied, and what else is in them is for later. */
export const identifiedList = z.unknown().transform((value, context): Identified[] => {
  if (!Array.isArray(value)) return unfit(value, context);
  refuseLong(value.length);
  if (value.every(isIdentified)) return value;
  readParts(z.object({ id: idText }), [...value.entries()], context);
  return z.NEVER;
});

function refuseLong(length: number): void {
  if (length > mostParts) throw new ScrapeError('too_large', `a list of more than ${mostParts} parts`);
}

function readParts<Item extends z.ZodType, Key extends PropertyKey>(
  item: Item,
  parts: readonly (readonly [Key, unknown])[],
  { issues }: z.RefinementCtx,
): [Key, z.output<Item>][] {
  const before = issues.length;
  const read: [Key, z.output<Item>][] = [];
  for (const [key, part] of parts) {
    const result = item.safeParse(part, { reportInput: true });
    if (result.success) read.push([key, result.data]);
    else {
      for (const issue of result.error.issues) {
        issues.push({ code: 'custom', path: [key, ...issue.path], message: issue.message, input: issue.input });
      }
    }
    if (issues.length - before >= mostUnfit) break;
  }
  return read;
}

function unfit(value: unknown, { issues }: z.RefinementCtx): never {
  issues.push({ code: 'custom', message: 'is no list', input: value });
  return z.NEVER;
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
  if (iso === null) throw drifted({ path, problem: 'is no moment in time' });
  return iso;
}

function pathText(root: string, path: readonly string[]): string {
  const text = [root, ...path]
    .filter(Boolean)
    .reduce((before, key) => before + (key.startsWith('[') ? key : `.${key}`), '');
  return text === '' ? 'the answer' : text.replace(/^\./, '').slice(0, 200);
}
