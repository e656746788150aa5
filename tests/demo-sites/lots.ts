/** The invented lots of the auction site: one for each match, so that all sites break in the same places. */
import { chanceOf } from './chance.ts';
import { hostileMatch, hostileName, type DemoMatch, type DemoWorld } from './matches.ts';

/** One lot as the site knows it. `endsAt` in epoch seconds. */
export interface DemoLot {
  id: string;
  number: number;
  path: string;
  title: string;
  year: number;
  chassis: string;
  price: number;
  status: 'live' | 'sold' | 'reserve_not_met';
  endsAt: number;
}

/** Pictures in the gallery of each lot. */
export const imagesPerLot = 2;

/** Lots up to this number run; those after it ended, one each half hour. */
const lastRunning = 30;

/** A match's lot. It runs until kickoff; one that ended did so as long ago as the match is away. */
export function demoLot(match: DemoMatch, { seed, matches }: DemoWorld): DemoLot {
  const { number } = match;
  const runs = number <= lastRunning;
  const first = matches[0]?.kickoff.getTime() ?? 0;
  const endsAt = runs ? match.kickoff.getTime() : first - (number - lastRunning) * 30 * 60_000 - 4 * 60 * 60_000;
  const year = 1960 + (number % 60);
  const name = number === hostileMatch ? hostileName : 'Testmake Coupe';
  return {
    id: String(555_000 + number),
    number,
    path: `/listing/lot-${number}-${year}-testmake-coupe/`,
    title: `${year} ${name}`,
    year,
    // Before 1981 numbers were shorter: such a page is kept, for whoever reads it better.
    chassis:
      number % 10 === 4 ? `9${String(number).padStart(6, '0')}` : `WP0ZZZ93ZLS${String(number).padStart(6, '0')}`,
    price: 5_000 + Math.round(60_000 * chanceOf(seed, 'lot', number)),
    status: runs ? 'live' : number % 3 === 0 ? 'reserve_not_met' : 'sold',
    endsAt: Math.round(endsAt / 1000),
  };
}

/** Where a picture of a lot is. */
export function imagePath({ number }: DemoLot, index: number): string {
  return `/wp-content/uploads/2026/11/lot-${number}-${index + 1}.png`;
}
