/**
 * A line of the bench: one thing that is measured, as we do it and as others do, beside one another. What counts are
 * ratios within one round, as both sides then had the same machine.
 */

/** What measuring one way came to, by the names of the line's columns. */
export type Figures = Readonly<Record<string, number>>;

/** One way to do the thing. */
export interface Way {
  /** As the table names it; the first way of a line is ours. */
  name: string;
  /** Builds the world, measures, and takes the world down again. Throws {@link NotMeasured} where it cannot be. */
  measure(): Promise<Figures>;
}

/** Something that has to hold; `of` takes the figures of all ways of one round, by their names. */
export interface Goal {
  what: string;
  of(round: Record<string, Figures>): number;
  least?: number;
  most?: number;
  /** What stands behind the number: `× Crawlee`, `ms`. */
  unit: string;
}

/** One line. A new one is a file in `lines/` and an entry in `lines/index.ts`. */
export interface Line {
  /** What is measured, and under what load. */
  title: string;
  /** What a reader has to know to judge it. */
  note?: string;
  ways: readonly Way[];
  goals: readonly Goal[];
  /** Its ways are different things, which are not to be compared. */
  plain?: true;
  /** Takes minutes: measured only when asked for with `--long`. */
  long?: true;
}

/** A way that cannot be measured here, and why. */
export class NotMeasured extends Error {
  override name = 'NotMeasured';
}

/** What the rounds of one line came to. */
export interface Result {
  line: Line;
  /** By way, its figures of each round; empty for one that could not be measured. */
  rounds: Record<string, Figures>[];
  /** Ways that could not be measured, and why. */
  missing: Map<string, string>;
}

/** Measures each way once, in an order that turns from round to round, so that none is always first. */
export async function measureRound(result: Result, round: number): Promise<void> {
  const { line, rounds, missing } = result;
  const measured: Record<string, Figures> = {};
  const from = round % line.ways.length;
  for (const way of [...line.ways.slice(from), ...line.ways.slice(0, from)]) {
    if (missing.has(way.name)) continue;
    try {
      measured[way.name] = await way.measure();
    } catch (error) {
      // One way that fails must not cost what all the others have measured in an hour.
      if (!(error instanceof NotMeasured)) console.error(error);
      const [what = ''] = error instanceof Error ? error.message.split('\n') : ['unknown'];
      missing.set(way.name, error instanceof NotMeasured ? what : `failed: ${what.slice(0, 100)}`);
    }
  }
  rounds.push(measured);
}

/** The median of a goal over the rounds; NaN where a way that it needs is missing. */
export function reached(goal: Goal, rounds: readonly Record<string, Figures>[]): number {
  return median(rounds.map((round) => goal.of(round)));
}

/** Whether a goal is met by this. */
export function isMet({ least = -Infinity, most = Infinity }: Goal, value: number): boolean {
  return value >= least && value <= most;
}

/** The middle one, of an even number the lower of the two: always one that was measured. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
}

/** A percentile by nearest rank: one of the durations. */
export function percentile(durations: readonly number[], share: number): number {
  const sorted = durations.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

/** A figure of a way, for goals: NaN where it is missing. */
export function figure(round: Record<string, Figures>, way: string, column: string): number {
  return round[way]?.[column] ?? NaN;
}

/** How many times as much the first has of a figure as the second. */
export function times(round: Record<string, Figures>, column: string, way: string, other: string): number {
  return figure(round, way, column) / figure(round, other, column);
}
