/** SportyBet's upcoming football events, page by page. */
import { ScrapeError } from '../../errors.ts';
import type { Site } from '../../platform.ts';
import type { WorkItemSeed } from '../../result.ts';
import { isoOrDrifted, readShape } from '../shape.ts';
import { markets } from './markets.ts';
import { dataOf } from './parse.ts';
import { Listing } from './schema.ts';

const pageSize = 100;

/** Far above the ten pages seen; a listing that never ends must not keep us asking for ever. */
const maxPages = 100;

/**
 * Pages are numbered from 1. A tournament may continue on the next page and events move between pages while we read,
 * so events are told apart by id, and a page that is empty or brings nothing new is the last.
 */
export async function* discover(site: Site): AsyncGenerator<WorkItemSeed[]> {
  const seen = new Set<string>();
  let received = 0;
  for (let pageNum = 1; pageNum <= maxPages; pageNum += 1) {
    const { rows, total } = await readPage(site, pageNum);
    const fresh = rows.filter(({ key }) => !seen.has(key) && seen.add(key));
    received += rows.length;
    if (fresh.length > 0) yield fresh;
    if (fresh.length === 0 || received >= total) return;
  }
  site.report(new ScrapeError('api_error', `the listing goes on after page ${maxPages}`));
}

async function readPage(site: Site, pageNum: number): Promise<{ rows: WorkItemSeed[]; total: number }> {
  const answer = await site.http.json({
    path: `/api/${site.country}/factsCenter/pcUpcomingEvents`,
    query: {
      sportId: 'sr:sport:1',
      marketId: Object.keys(markets).join(','),
      pageSize,
      pageNum,
      option: 1,
      _t: site.now().getTime(),
    },
  });
  const data = dataOf(answer, 'api_error');
  if (Array.isArray(data) && data.length === 0) return { rows: [], total: 0 };
  const { totalNum, tournaments } = readShape(Listing, data, 'data');
  const rows = (tournaments ?? []).flatMap((tournament) => tournament.events ?? []);
  return {
    total: totalNum ?? Number.POSITIVE_INFINITY,
    rows: rows.map(({ eventId, estimateStartTime, homeTeamName, awayTeamName }) => {
      const kickoff = isoOrDrifted(estimateStartTime, 'data.tournaments[].events[].estimateStartTime');
      const name = `${homeTeamName ?? '?'} - ${awayTeamName ?? '?'}`;
      return { key: eventId, priority: Date.parse(kickoff), payload: { name, kickoff } };
    }),
  };
}
