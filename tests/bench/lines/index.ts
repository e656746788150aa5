/** Every line of the bench, in the order of the page. */
import type { Line } from '../line.ts';
import { enqueueToStart, fullCycle } from './cycle.ts';
import { historyFloor, historyLine } from './history.ts';
import { invariantsOfAHistory } from './invariants.ts';
import { nextSlotInAllZones } from './next-slot.ts';
import { runEndToPage } from './page.ts';
import { pressInDiscord } from './press-in-discord.ts';
import { pressInSlack } from './press-in-slack.ts';
import { httpsThroughProxy } from './proxy.ts';
import { readingPages } from './reading.ts';
import { scrapingLines } from './scraping.ts';
import { coldStart, idleMemory, loadingModules, memoryOfManyRuns } from './start.ts';
import { storing } from './storing.ts';
import { moreWorkers } from './workers.ts';

const all: readonly Line[] = [
  ...scrapingLines,
  httpsThroughProxy,
  readingPages,
  storing,
  historyLine([100_000, 10_000, 1_000], false),
  historyLine([1_000_000, 1_000], true),
  historyFloor,
  runEndToPage,
  pressInSlack,
  pressInDiscord,
  enqueueToStart,
  fullCycle,
  moreWorkers,
  coldStart,
  loadingModules,
  idleMemory,
  memoryOfManyRuns,
  nextSlotInAllZones,
  invariantsOfAHistory,
];

/** The lines to measure; with `long` also those that take minutes. */
export function lines(long: boolean): readonly Line[] {
  return all.filter((line) => long || line.long !== true);
}
