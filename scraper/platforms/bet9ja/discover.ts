/** Bet9ja's soccer events: the tree of groups, then one request per group. There is no request for all of them. */
import { ScrapeError, type FailureKind } from '../../errors.ts';
import type { Site } from '../../platform.ts';
import type { WorkItemSeed } from '../../result.ts';
import { readShape } from '../shape.ts';
import { dataOf, kickoffOf } from './parse.ts';
import { GroupEvents, Sports } from './schema.ts';

/** Where all of Bet9ja's prematch answers live. */
export const feed = '/desktop/feapi/PalimpsestAjax';

/** Groups asked for at once; a sweep of some 300 groups one by one takes over a minute. The pace is kept elsewhere. */
const atOnce = 4;

/** Failures that another group would meet as well, so that asking on is pointless or rude. */
const ofWholeSite: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'blocked',
  'rate_limited',
  'cancelled',
  'connection_lost',
  'interrupted',
  'internal',
]);

/**
 * A group that fails is reported and the others go on. What concerns the whole site (blocked, slow down, cancelled)
 * ends the step, and so does a site where no group answers.
 */
export async function* discover(site: Site): AsyncGenerator<WorkItemSeed[]> {
  const groups = await readGroups(site);
  const seen = new Set<string>();
  let answered = 0;
  for (let from = 0; from < groups.length; from += atOnce) {
    const batch = groups.slice(from, from + atOnce);
    const results = await Promise.allSettled(batch.map((group) => readGroup(site, group)));
    const failed = results.flatMap((result, index) => (result.status === 'rejected' ? [{ result, index }] : []));
    for (const { result } of failed) if (concernsWholeSite(result.reason)) throw result.reason;
    answered += batch.length - failed.length;
    if (answered === 0 && from + atOnce >= groups.length) throw failed[0]?.result.reason;
    for (const { result, index } of failed) site.report(result.reason, `group ${batch[index]}`);

    const rows = results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    // Handed over even when empty: it shows that the site answers.
    if (failed.length < batch.length) yield rows.filter(({ key }) => !seen.has(key) && seen.add(key));
  }
}

async function readGroups(site: Site): Promise<string[]> {
  const answer = await site.http.json({ path: `${feed}/GetSports`, query: { DISP: 0 } });
  const { PAL } = readShape(Sports, dataOf(answer), 'D');
  const sports = Object.entries(PAL);
  const soccer = sports.filter(([id, { S_DESC }]) => isSoccer(id, S_DESC ?? ''));
  if (soccer.length === 0 && sports.length > 0) throw new ScrapeError('drifted', 'D.PAL.1 is missing');
  const countries = soccer.flatMap(([, { SG }]) => Object.values(SG ?? {}));
  const groups = countries.flatMap(({ G }) => Object.entries(G ?? {})).filter(([, { NUM }]) => Number(NUM ?? 1) > 0);
  return [...new Set(groups.map(([key, group]) => idOf(key, group.ID)))];
}

/** Beside it stand pseudo-sports: "Soccer Antepost", "Soccer Players", "Zoom Soccer". */
function isSoccer(id: string, name: string): boolean {
  return id === '1' || name === 'Soccer';
}

function idOf(key: string, id: string | null | undefined): string {
  if (!key.startsWith('[')) return key;
  if (!id) throw new ScrapeError('drifted', `D.PAL.1.SG.G${key}.ID is missing`);
  return id;
}

async function readGroup(site: Site, group: string): Promise<WorkItemSeed[]> {
  const answer = await site.http.json({
    path: `${feed}/GetEventsInGroupV2`,
    query: { GROUPID: group, DISP: 0, GROUPMARKETID: 1 },
  });
  const data = dataOf(answer);
  if (typeof data === 'object' && data !== null && Object.keys(data).length === 0) return [];
  const { E } = readShape(GroupEvents, data, 'D');
  return Object.values(E).map((event) => {
    const kickoff = kickoffOf(event, 'D.E[]');
    return { key: event.ID, priority: Date.parse(kickoff), payload: { name: event.DS, kickoff } };
  });
}

function concernsWholeSite(error: unknown): boolean {
  return !(error instanceof ScrapeError) || ofWholeSite.has(error.kind);
}
