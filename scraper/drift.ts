/** Where an answer no longer fits, told so that it can be looked up and counted: a path, what is wrong there, how often. */

/** One way in which an answer does not fit. */
export interface Drift {
  /** As people would look it up, with `[]` for every place of a list: `data.markets[].outcomes[].odds`; empty for all of it. */
  path: string;
  /** What is wrong there: `is missing`. May quote the site. */
  problem: string;
  /** In how many places, of how many. */
  count: number;
  of: number;
}

/** `data.markets[].outcomes[].odds is missing in 28 of 28`; where there is only one place, without the count. */
export function driftText(drift: Drift): string {
  return drift.of > 1 ? `${driftKey(drift)} in ${drift.count} of ${drift.of}` : driftKey(drift);
}

/** The same path and problem, whatever the counts. */
export function driftKey({ path, problem }: Pick<Drift, 'path' | 'problem'>): string {
  return path === '' ? problem : `${path} ${problem}`;
}

/** Brings together what is the same, with the counts added up; the most frequent first. */
export function mergeDrifts(drifts: readonly Drift[]): Drift[] {
  const merged = new Map<string, Drift>();
  for (const drift of drifts) {
    const before = merged.get(driftKey(drift));
    merged.set(driftKey(drift), {
      ...drift,
      count: drift.count + (before?.count ?? 0),
      of: drift.of + (before?.of ?? 0),
    });
  }
  return [...merged.values()].toSorted((one, other) => other.count - one.count);
}

/** How many places of `value` a path leads to, counted at the holders of its last step; `[]` takes every place. */
export function placesOf(value: unknown, path: readonly string[]): number {
  const last = path.at(-1);
  if (last === undefined) return 1;
  let holders: unknown[] = [value];
  for (const step of path.slice(0, -1)) holders = holders.flatMap((holder) => inside(holder, step));
  const objects = holders.filter((holder): holder is object => typeof holder === 'object' && holder !== null);
  if (last !== '[]') return objects.length;
  return objects.reduce((sum, holder) => sum + Object.keys(holder).length, 0);
}

function inside(holder: unknown, step: string): unknown[] {
  if (typeof holder !== 'object' || holder === null) return [];
  if (step === '[]') return Object.values(holder) as unknown[];
  return Object.hasOwn(holder, step) ? [(holder as Record<string, unknown>)[step]] : [];
}

/**
 * How many answers lack the same, whatever the places in each of them: `markets[].outcomes[].odds is missing in 412 of 412
 * events`. Null when none lacks anything.
 */
export function driftOfAnswers(
  noted: readonly Drift[],
  asked: number,
  noun: { one: string; many: string },
): string | null {
  const [most, ...others] = mergeDrifts(noted.map((drift) => ({ ...drift, count: 1, of: 0 })));
  if (most === undefined) return null;
  const rest = others.reduce((sum, { count }) => sum + count, 0);
  const besides = rest === 0 ? '' : `, ${rest} more did not fit elsewhere`;
  return `${driftKey(most)} in ${most.count} of ${asked} ${asked === 1 ? noun.one : noun.many}${besides}`;
}
