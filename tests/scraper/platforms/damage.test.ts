import { expect, test } from 'vitest';
import { ScrapeError } from '#scraper/errors.ts';
import type { Site } from '#scraper/platform.ts';
import { discover as discoverBet9ja } from '#scraper/platforms/bet9ja/discover.ts';
import { parseEvent as parseBet9ja } from '#scraper/platforms/bet9ja/index.ts';
import { discover as discoverBetpawa } from '#scraper/platforms/betpawa/discover.ts';
import { parseEvent as parseBetpawa } from '#scraper/platforms/betpawa/index.ts';
import { discover as discoverSportybet } from '#scraper/platforms/sportybet/discover.ts';
import { parseEvent as parseSportybet } from '#scraper/platforms/sportybet/index.ts';
import type { WorkItemSeed } from '#scraper/result.ts';
import { readFixture } from '../../fixtures/read-fixture.ts';
import { cannedSite, collect } from './canned-site.ts';

const replacements: unknown[] = [undefined, null, '', 'x', -1.5, 1e300, [null], {}];

/** The answer once for each of its parts and each replacement, with just that part replaced. */
function* damaged(fixture: string): Generator {
  for (const replacement of replacements) {
    yield replacement;
    for (const { place } of parts(readFixture(fixture))) yield readFixture(fixture, { [place]: replacement });
  }
}

function parts(value: unknown, place = ''): { place: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]: [string, unknown]) => {
    // Odds keys have a dot in them, which would be taken for a step further down.
    if (key.includes('.')) return [];
    const here = Array.isArray(value) ? `${place}[${key}]` : `${place}.${key}`;
    return [{ place: here }, ...parts(part, here)];
  });
}

const events = [
  { fixture: 'sportybet/event.90000001.json', parse: parseSportybet },
  { fixture: 'bet9ja/GetEvent.800000001.json', parse: parseBet9ja },
  { fixture: 'betpawa/event.v4.40000001.json', parse: parseBetpawa },
];

test.each(events)('$fixture, damaged anywhere, is read or refused in words of ours', ({ fixture, parse }) => {
  let read = 0;
  let refused = 0;
  for (const answer of damaged(fixture)) {
    try {
      const parsed = parse(answer, new Date(0));
      read += 1;
      if (parsed.kind === 'other_sport') continue;
      const { event } = parsed;
      expect(event.prices.every(({ price, line }) => price > 1 && !Number.isNaN(line))).toBe(true);
      expect(event.kickoff).toBe(new Date(event.kickoff).toISOString());
      expect(event.eventId).not.toBe('');
    } catch (error) {
      if (!(error instanceof ScrapeError)) throw error;
      refused += 1;
    }
  }
  expect(read).toBeGreaterThan(50);
  expect(refused).toBeGreaterThan(50);
});

const lists: { fixture: string; discover: (site: Site) => AsyncIterable<WorkItemSeed[]> }[] = [
  { fixture: 'sportybet/pcUpcomingEvents.size2.page1.json', discover: discoverSportybet },
  { fixture: 'bet9ja/GetSports.json', discover: discoverBet9ja },
  { fixture: 'betpawa/by-queries.v4.91965.skip2.take2.json', discover: discoverBetpawa },
];

test.each(lists)('$fixture, damaged anywhere, is read or refused in words of ours', async ({ fixture, discover }) => {
  const group = readFixture('bet9ja/GetEventsInGroupV2.970880.json');
  let found = 0;
  for (const answer of damaged(fixture)) {
    const { site } = cannedSite(({ path }) => (path.endsWith('GetEventsInGroupV2') ? group : answer));
    const seeds = await collect(discover(site)).catch((error: unknown) => {
      if (!(error instanceof ScrapeError)) throw error;
      return [];
    });
    for (const { key, priority } of seeds.flat()) {
      expect(key !== '' && Number.isInteger(priority)).toBe(true);
      found += 1;
    }
  }
  expect(found).toBeGreaterThan(10);
});
