/** The invented matches that all demo sites sell, so that they agree as real books do about the same matches. */
import { chanceOf } from './chance.ts';
import { idKey, marketsFor, type DemoMarket, type DemoOutcome } from './markets.ts';

/** A competition. `number` counts from 1, in the order of kickoffs. */
export interface DemoGroup {
  number: number;
  name: string;
  country: string;
}

/** One match. `number` counts from 1 over all groups, in the order of kickoffs. */
export interface DemoMatch {
  number: number;
  sportradarId: string;
  geniusId: string;
  home: string;
  away: string;
  group: DemoGroup;
  kickoff: Date;
  markets: DemoMarket[];
}

/** What a book says about an outcome: sold, shown but closed (the price stays plausible), or dead (no price at all). */
export interface Quote {
  price: number;
  state: 'open' | 'suspended' | 'dead';
}

/** What all sites of one start share. */
export interface DemoWorld {
  seed: number;
  matches: readonly DemoMatch[];
  /** Lists come in pages as long as the real sites give, not in short ones. */
  longPages?: boolean | undefined;
}

const groups = [
  { size: 12, name: 'Harbour Premier League', country: 'Nigeria' },
  { size: 10, name: 'Savanna First Division', country: 'Nigeria' },
  { size: 9, name: 'Gold River League', country: 'Ghana' },
  { size: 3, name: 'Highland Cup', country: 'Kenya' },
  { size: 14, name: 'Northern Counties League', country: 'England' },
];

const towns =
  'Amberly Bractown Calder Dunmore Eastholm Farrow Glenwick Harpool Ivyport Jarrow Keswell Lindale Marsford Nethby Oakhurst Pendle Quayside Ravenor Stowick Tarnley Ullsea Vexford Westmere Yarlow'.split(
    ' ',
  );
const suffixes = ['Rovers', 'Athletic', 'Rangers', 'Wanderers'];

/** A title that tries to ping, link, format and flip the text of whoever prints it unescaped. */
export const hostileName = `<!channel> @everyone <b>x</b> [x](http://evil.example) \u202e*_~\`|${'\n'.repeat(10)}=cmd() ${'A'.repeat(200)}`;

/** The number of the match whose home side is called {@link hostileName}. */
export const hostileMatch = 7;

const halfHour = 30 * 60_000;

/**
 * 48 matches in five groups of 12, 10, 9, 3 and 14; the first starts in about two hours, then one each half hour. Where
 * more are wanted, the last group has them.
 */
export function demoMatches(now: Date, seed: number, most = 48): DemoMatch[] {
  const first = Math.ceil(now.getTime() / halfHour) * halfHour + 4 * halfHour;
  const all = groups.flatMap(({ size, name, country }, index) => {
    const before = groups.slice(0, index).reduce((sum, group) => sum + group.size, 0);
    const group = { number: index + 1, name, country };
    const length = index === groups.length - 1 ? Math.max(size, most - before) : size;
    return Array.from({ length }, (_, within) => demoMatch(before + within + 1, group, first, seed));
  });
  return all.slice(0, most);
}

/** What a book asks for an outcome: the fair price less its margin, a little off; the same each time it is asked. */
export function quote(world: DemoWorld, book: string, match: DemoMatch, market: DemoMarket, one: DemoOutcome): Quote {
  const margin = 1.04 + 0.02 * chanceOf(world.seed, 'margin', book);
  const wobble =
    1 + 0.01 * (chanceOf(world.seed, book, match.number, idKey(market), `${market.line}`, one.outcome) - 0.5);
  const price = Math.round((((1 - one.refund) / one.win) * wobble * 100) / margin) / 100;
  if (price <= 1.01 || price > 100) return { price: 0, state: 'dead' };
  const closed =
    (match.number % 7 === 3 && market.line === 2.5 && one.outcome === 'over') ||
    (match.number % 11 === 5 && market.market === 'btts');
  return { price, state: closed ? 'suspended' : 'open' };
}

function demoMatch(number: number, group: DemoGroup, first: number, seed: number): DemoMatch {
  return {
    number,
    sportradarId: String(91_000_000 + number),
    geniusId: String(13_900_000 + number),
    home: number === hostileMatch ? hostileName : club(2 * number - 2),
    away: club(2 * number - 1),
    group,
    kickoff: new Date(first + (number - 1) * halfHour),
    markets: marketsFor(0.9 + 1.3 * chanceOf(seed, 'home', number), 0.6 + 1.2 * chanceOf(seed, 'away', number)),
  };
}

function club(index: number): string {
  return `${towns[index % towns.length]} ${suffixes[Math.floor(index / towns.length) % suffixes.length]}`;
}
