/** A platform's days as cells: four states and none, told by height and words as well as by colour. */
import type { PlatformDay } from '#db/history.ts';
import { dayName, lastDays } from './times.ts';
import { counted, grouped } from './words.ts';

/** What a day comes to. `none`: nothing was scraped, or nothing that says anything about the platform. */
export type DayState = 'complete' | 'retried' | 'partial' | 'failed' | 'none';

/** A day as it is drawn. */
export interface DayCell {
  day: string;
  state: DayState;
  words: string;
}

/** The states in the order of a legend. */
export const dayStates: readonly { state: DayState; word: string }[] = [
  { state: 'complete', word: 'complete' },
  { state: 'retried', word: 'complete after a retry' },
  { state: 'partial', word: 'partly missing' },
  { state: 'failed', word: 'failed' },
  { state: 'none', word: 'no runs' },
];

/** Cells for the last days until `now`, oldest first. */
export function dayCells(days: readonly PlatformDay[], platform: string, now: Date, count = 90): DayCell[] {
  const known = new Map(days.filter((day) => day.platform === platform).map((day) => [day.day, day]));
  return lastDays(now, count).map((day) => {
    const found = known.get(day);
    return { day, state: dayState(found), words: `${dayName(day)}: ${dayWords(found)}` };
  });
}

/** What a day comes to: complete when all its runs are, failed when none delivered anything. */
export function dayState(day: PlatformDay | undefined): DayState {
  if (day === undefined || total(day) === 0) return 'none';
  if (day.failed === total(day)) return 'failed';
  if (day.partial + day.failed > 0) return 'partial';
  return day.retried > 0 ? 'retried' : 'complete';
}

/** `22 of 24 complete, 2 after a retry; 1 partial, 1 failed`. */
export function dayWords(day: PlatformDay | undefined): string {
  if (day === undefined || total(day) + day.missed === 0) return 'no runs';
  if (total(day) === 0) return `${counted(day.missed, 'run')} not started`;
  const good = day.complete + day.retried;
  const parts = [`${grouped(good)} of ${grouped(total(day))} complete`];
  if (day.retried > 0) parts[0] += `, ${grouped(day.retried)} after a retry`;
  const bad = [
    day.partial > 0 ? `${grouped(day.partial)} partial` : '',
    day.failed > 0 ? `${grouped(day.failed)} failed` : '',
  ];
  const broken = bad.filter((part) => part !== '').join(', ');
  return broken === '' ? parts.join('') : `${parts.join('')}; ${broken}`;
}

/** How many runs of these days were complete in the end, of 1; null when there were none. */
export function successRate(days: readonly PlatformDay[], platform: string): number | null {
  let [good, all] = [0, 0];
  for (const day of days) {
    if (day.platform !== platform) continue;
    good += day.complete + day.retried;
    all += total(day);
  }
  return all === 0 ? null : good / all;
}

/** The bars of a state, in a box 8 wide and 30 high: those of `day-…` in Drawings.astro. Strokes, being short to write. */
const bars: Record<DayState, readonly { className: string; bars: readonly [top: number, height: number][] }[]> = {
  complete: [{ className: 'cell cell-complete', bars: [[0, 30]] }],
  retried: [
    {
      className: 'cell cell-complete',
      bars: [
        [0, 11],
        [15, 15],
      ],
    },
  ],
  partial: [
    { className: 'cell-room', bars: [[0, 11]] },
    { className: 'cell cell-partial', bars: [[11, 19]] },
  ],
  failed: [
    { className: 'cell-room', bars: [[0, 20]] },
    { className: 'cell cell-failed', bars: [[20, 10]] },
  ],
  none: [{ className: 'cell-none', bars: [[27, 3]] }],
};

/** All bars of a colour as one path, ten units from day to day: a browser draws five shapes instead of hundreds. */
export function cellPaths(cells: readonly DayCell[]): { className: string; path: string }[] {
  const paths = new Map<string, string>();
  for (const [index, { state }] of cells.entries()) {
    for (const one of bars[state]) {
      const drawn = one.bars.map(([top, height]) => `M${index * 10 + 4} ${top}v${height}`).join('');
      paths.set(one.className, (paths.get(one.className) ?? '') + drawn);
    }
  }
  return [...paths].map(([className, path]) => ({ className, path }));
}

/** `90 days: 80 complete, 5 complete after a retry, 4 partly missing, 1 without runs`. */
export function cellsSummary(cells: readonly DayCell[]): string {
  const parts = dayStates.flatMap(({ state, word }) => {
    const count = cells.filter((cell) => cell.state === state).length;
    return count === 0 ? [] : [`${count} ${state === 'none' ? 'without runs' : word}`];
  });
  return `The last ${cells.length} days: ${parts.join(', ')}`;
}

function total(day: PlatformDay): number {
  return day.complete + day.retried + day.partial + day.failed;
}
