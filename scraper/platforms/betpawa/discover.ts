/** BetPawa's upcoming football events, in slices. */
import { ScrapeError } from '../../errors.ts';
import type { Site } from '../../platform.ts';
import type { WorkItemSeed } from '../../result.ts';
import { isoOrDrifted, readShape } from '../shape.ts';
import { Listing } from './schema.ts';

const listing = '/api/sportsbook/v4/events/lists/by-queries';

/** Some say a slice holds 50 at most, some 100; a shorter slice than asked for is not the last one. */
const take = 50;

/** Far above the thousand events seen; a listing that never ends must not keep us asking for ever. */
const maxSlices = 200;

/** Goes on by the rows received, and stops at a slice that is empty or brings nothing new. */
export async function* discover(site: Site): AsyncGenerator<WorkItemSeed[]> {
  const seen = new Set<string>();
  let skip = 0;
  for (let slice = 0; slice < maxSlices; slice += 1) {
    const rows = await readSlice(site, skip);
    const fresh = rows.filter(({ key }) => !seen.has(key) && seen.add(key));
    if (fresh.length === 0) return;
    yield fresh;
    skip += rows.length;
  }
  site.report(new ScrapeError('api_error', `the listing goes on after ${skip} events`));
}

async function readSlice(site: Site, skip: number): Promise<WorkItemSeed[]> {
  const query = { eventType: 'UPCOMING', categories: ['2'], zones: {}, hasOdds: true };
  const view = { marketTypes: ['3743'] };
  const q = JSON.stringify({ queries: [{ query, view, skip, take, sort: { startTime: 'ASC' } }] });
  const answer = await site.http.json({ path: listing, query: { q } }).catch(retired);
  const rows = readShape(Listing, answer, '').responses.flatMap((response) => response.responses ?? []);
  return rows.map((row, index) => {
    const kickoff = isoOrDrifted(row.startTime, `responses[0].responses[${index}].startTime`);
    return { key: row.id, priority: Date.parse(kickoff), payload: { name: row.name ?? '', kickoff } };
  });
}

/** BetPawa retires a version by answering 404 on all of it: the listing is not gone, it has moved. */
function retired(error: unknown): never {
  if (error instanceof ScrapeError && error.kind === 'not_found') {
    throw new ScrapeError('drifted', `${listing} answered 404`, { cause: error });
  }
  throw error;
}
