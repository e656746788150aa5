/** Whether what a platform delivered can be believed: a scrape that runs and is wrong is worse than one that fails. */

/** How much a job came to: work items found, and those that gave records. */
export interface Delivery {
  found: number;
  delivered: number;
}

/** What is expected of a platform. */
export interface QualityTerms {
  /** Fewer delivered items than this are too few, whatever is usual. */
  minItems: number;
  /** Less than this share of what is usual is too little, 0 to 1; 0 compares with nothing. */
  minOfUsual: number;
  /** By field of a record: the share of records, 0 to 1, in which it has to be filled. */
  fields: Readonly<Record<string, number>>;
}

/** What is doubtful about a delivery. */
export type Doubt =
  | { kind: 'nothing'; found: number }
  | { kind: 'less_than_usual'; measured: 'found' | 'delivered'; count: number; usual: number; jobs: number }
  | { kind: 'below_minimum'; count: number; least: number }
  | { kind: 'field_missing'; field: string; filled: number; records: number; least: number };

/** How many good jobs make what is usual. */
export const HISTORY = 7;

/** The key under which a coverage counts its records. */
export const ALL_RECORDS = '*';

/**
 * Judges a whole delivery, kept items included; null when there is nothing to doubt. Found and delivered are compared
 * each with its own median: a list that shrank and a list whose items are gone are different troubles.
 */
export function doubtOf(
  delivery: Delivery,
  coverage: Readonly<Record<string, number>>,
  history: readonly Delivery[],
  terms: QualityTerms,
): Doubt | null {
  if (delivery.delivered === 0) return { kind: 'nothing', found: delivery.found };
  if (delivery.delivered < terms.minItems) {
    return { kind: 'below_minimum', count: delivery.delivered, least: terms.minItems };
  }
  for (const measured of ['found', 'delivered'] as const) {
    const usual = median(history.slice(0, HISTORY).map((one) => one[measured]));
    const count = delivery[measured];
    if (usual !== null && count < usual * terms.minOfUsual) {
      return { kind: 'less_than_usual', measured, count, usual, jobs: Math.min(history.length, HISTORY) };
    }
  }
  const records = coverage[ALL_RECORDS] ?? 0;
  for (const [field, least] of Object.entries(terms.fields)) {
    const filled = coverage[field] ?? 0;
    if (records > 0 && filled < records * least) return { kind: 'field_missing', field, filled, records, least };
  }
  return null;
}

/** Counts records, and in how many of them each field is filled: not null, not an empty text or list. */
export function coverageOf(records: readonly object[], fields: readonly string[]): Record<string, number> {
  const filled = (field: string) =>
    records.filter((record) => {
      const value = Object.hasOwn(record, field) ? (record as Readonly<Record<string, unknown>>)[field] : undefined;
      return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
    }).length;
  return { [ALL_RECORDS]: records.length, ...Object.fromEntries(fields.map((field) => [field, filled(field)])) };
}

/** The middle value; of an even count, the mean of the two in the middle. */
function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1] ?? 0, sorted[Math.floor(middle)] ?? 0];
  return (low + high) / 2;
}
