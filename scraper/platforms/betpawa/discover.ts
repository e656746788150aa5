/** BetPawa's upcoming football events, in slices: of all competitions, or of one after the other. */
import { drifted, ScrapeError } from '../../errors.ts';
import type { Site } from '../../platform.ts';
import type { WorkItemSeed } from '../../result.ts';
import { readLists } from '../lists.ts';
import { readPages, type Paging } from '../pages.ts';
import { isoOrDrifted, readShape } from '../shape.ts';
import { Options } from './options.ts';
import { Listing } from './schema.ts';

const listing = '/api/sportsbook/v4/events/lists/by-queries';

/** About a thousand events were seen. */
const mostPages = 400;

/** Finds the events of the scope, soonest kickoff first in the order of work. */
export function discover(
  site: Site,
  { site: { take }, scope }: Options = Options.parse({}),
): AsyncGenerator<WorkItemSeed[]> {
  const paging = (competitions: string[] | null): Paging => ({
    asked: take,
    mostPages,
    read: async ({ received }) => ({
      rows: await readSlice(site, { competitions, skip: received, take }),
      total: null,
    }),
  });
  if (!scope.competitions) return readPages(site, paging(null));
  return readLists(site, 'competition', scope.competitions, async (id) => {
    const rows: WorkItemSeed[] = [];
    for await (const slice of readPages(site, paging([id]))) rows.push(...slice);
    return rows;
  });
}

/** Asked for from the latest kickoff on: what starts meanwhile leaves the list at its end, and moves nothing before it. */
async function readSlice(
  site: Site,
  { competitions, skip, take }: { competitions: string[] | null; skip: number; take: number },
): Promise<WorkItemSeed[]> {
  const zones = competitions ? { competitions } : {};
  const query = { eventType: 'UPCOMING', categories: ['2'], zones, hasOdds: true };
  const view = { marketTypes: ['3743'] };
  const q = JSON.stringify({ queries: [{ query, view, skip, take, sort: { startTime: 'DESC' } }] });
  const answer = await site.http.json({ path: listing, query: { q } }).catch(retired);
  const rows = readShape(Listing, answer, '').responses.flatMap((response) => response.responses ?? []);
  return rows.map((row) => {
    const kickoff = isoOrDrifted(row.startTime, 'responses[].responses[].startTime');
    return { key: row.id, priority: Date.parse(kickoff), payload: { name: row.name ?? '', kickoff } };
  });
}

/** BetPawa retires a version by answering 404 on all of it: the listing is not gone, it has moved. */
function retired(error: unknown): never {
  if (error instanceof ScrapeError && error.kind === 'not_found') {
    throw drifted({ path: listing, problem: 'answered 404' });
  }
  throw error;
}
