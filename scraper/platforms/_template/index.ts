/** Template: one list of matches, one answer per match. */
import type { Platform, Site } from '../../platform.ts';
import type { EventOdds, Price, WorkItem, WorkItemSeed } from '../../result.ts';
import { isoOrDrifted, readShape } from '../shape.ts';
import { Listing, Match } from './schema.ts';

/** The platform as the registry knows it. */
export const template: Platform = {
  id: 'template',
  title: 'Template',
  noun: { one: 'match', many: 'matches' },
  baseUrl: 'https://template.example',
  baseUrlVariable: 'TEMPLATE_URL',
  country: 'ng',
  headers: { accept: 'application/json' },
  pace: { concurrency: 2, gapMs: 100, stopAfter: 5 },
  maxAgeMs: 10 * 60_000,
  steps: [
    { kind: 'discover', name: 'discover', feeds: 'extract', discover },
    { kind: 'items', name: 'extract', work: async (item, site) => [await extract(item, site)] },
  ],
};

async function* discover(site: Site): AsyncGenerator<WorkItemSeed[]> {
  const { matches } = readShape(Listing, await site.http.json({ path: '/matches' }), '');
  yield matches.map(({ id, kickoff }, index) => ({
    key: id,
    priority: Date.parse(isoOrDrifted(kickoff, `matches[${index}].kickoff`)),
    payload: {},
  }));
}

async function extract(item: WorkItem, site: Site): Promise<EventOdds> {
  const answer = await site.http.json({ path: `/matches/${encodeURIComponent(item.key)}` });
  const match = readShape(Match, answer, '');
  const prices = Object.entries(match.odds).flatMap(([outcome, price]): Price[] => {
    if (!['home', 'draw', 'away'].includes(outcome) || price <= 1) return [];
    const source = { sourceMarketId: '1x2', sourceOutcomeId: outcome, sourceUpdatedAt: null };
    return [{ market: '1x2', period: 'ft', line: null, outcome, price, ...source }];
  });
  return {
    kind: 'odds',
    platform: 'template',
    country: site.country,
    eventId: match.id,
    sportradarId: null,
    geniusId: null,
    event: `${match.home} - ${match.away}`,
    home: match.home,
    away: match.away,
    sport: 'football',
    competition: { id: null, name: match.competition, country: null },
    kickoff: isoOrDrifted(match.kickoff, 'kickoff'),
    live: false,
    fetchedAt: site.now().toISOString(),
    prices,
  };
}
