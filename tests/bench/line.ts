/** A line of the bench: one thing that is measured, in a world of its own that is opened for each round. */

/** One line. A new one is a file in `lines/` and an entry in `lines/index.ts`. */
export interface Line {
  /** What is measured and under what load, as the table says it. */
  title: string;
  /** What it is meant to stay under, in the words of the table. */
  goal: string;
  /** Builds the world, measures, and takes the world down again: milliseconds of each thing done; Infinity when it failed. */
  measure(): Promise<number[]>;
}

/** What one round of a line came to, milliseconds. */
export interface Figures {
  count: number;
  p50: number;
  p99: number;
  max: number;
}

/** Percentiles by nearest rank: each is one of the durations. */
export function figuresOf(durations: readonly number[]): Figures {
  const sorted = durations.toSorted((a, b) => a - b);
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
  return { count: sorted.length, p50: rank(0.5), p99: rank(0.99), max: rank(1) };
}

/** The median of each figure over the rounds of a line. */
export function medianOf(rounds: readonly Figures[]): Figures {
  const of = (name: keyof Figures) => {
    const sorted = rounds.map((round) => round[name]).toSorted((a, b) => a - b);
    return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
  };
  return { count: of('count'), p50: of('p50'), p99: of('p99'), max: of('max') };
}
