/** Every line of the bench, in the order of the page. */
import type { Line } from '../line.ts';
import { invariantsOfAHistory } from './invariants.ts';
import { nextSlotInAllZones } from './next-slot.ts';
import { pressInDiscord } from './press-in-discord.ts';
import { pressInSlack } from './press-in-slack.ts';
import { scrapingLines } from './scraping.ts';

const all: readonly Line[] = [...scrapingLines, pressInSlack, pressInDiscord, nextSlotInAllZones, invariantsOfAHistory];

/** The lines to measure; with `long` also those that take minutes. */
export function lines(long: boolean): readonly Line[] {
  return all.filter((line) => long || line.long !== true);
}
