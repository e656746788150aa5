/** SportyBet's upcoming football events: all of them page by page, or one answer per competition. */
import type { Site } from '../../platform.ts';
import type { WorkItemSeed } from '../../result.ts';
import { readLists } from '../lists.ts';
import { readPages, type Page } from '../pages.ts';
import { isoOrDrifted, readShape } from '../shape.ts';
import { markets } from './markets.ts';
import { Options } from './options.ts';
import { dataOf } from './parse.ts';
import { Listing, Tournaments } from './schema.ts';

/** Ten pages of a hundred were seen. */
const mostPages = 200;

const football = 'sr:sport:1';

/** Lists show the markets that are asked for; whole-match ones are enough to have every event in them. */
const marketId = Object.entries(markets)
  .flatMap(([id, { period }]) => (period === 'ft' ? [id] : []))
  .join(',');

/** Finds the events of the scope, soonest kickoff first in the order of work. */
export function discover(
  site: Site,
  { site: { pageSize }, scope }: Options = Options.parse({}),
): AsyncGenerator<WorkItemSeed[]> {
  if (scope.competitions) {
    return readLists(site, 'competition', scope.competitions, (id) => readCompetition(site, id));
  }
  return readPages(site, { asked: pageSize, mostPages, read: ({ number }) => readPage(site, number, pageSize) });
}

/** Pages are numbered from 1. A tournament may continue on the next page. */
async function readPage(site: Site, pageNum: number, pageSize: number): Promise<Page> {
  const answer = await site.http.json({
    path: `/api/${site.country}/factsCenter/pcUpcomingEvents`,
    query: { sportId: football, marketId, pageSize, pageNum, option: 1, _t: site.now().getTime() },
  });
  const data = dataOf(answer, 'api_error');
  if (Array.isArray(data) && data.length === 0) return { rows: [], total: 0 };
  const { totalNum, tournaments } = readShape(Listing, data, 'data');
  return { rows: seedsOf(tournaments ?? [], 'data.tournaments[].events[]'), total: totalNum ?? null };
}

async function readCompetition(site: Site, id: string): Promise<WorkItemSeed[]> {
  const answer = await site.http.json({
    path: `/api/${site.country}/factsCenter/pcEvents`,
    method: 'POST',
    body: [{ sportId: football, marketId, tournamentId: [[id]] }],
  });
  return seedsOf(readShape(Tournaments, dataOf(answer, 'api_error'), 'data'), 'data[].events[]');
}

function seedsOf(tournaments: Tournaments, path: string): WorkItemSeed[] {
  return tournaments.flatMap(({ events }) =>
    (events ?? []).map(({ eventId, estimateStartTime, homeTeamName, awayTeamName }) => {
      const kickoff = isoOrDrifted(estimateStartTime, `${path}.estimateStartTime`);
      const name = `${homeTeamName ?? '?'} - ${awayTeamName ?? '?'}`;
      return { key: eventId, priority: Date.parse(kickoff), payload: { name, kickoff } };
    }),
  );
}
