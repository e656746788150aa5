/** Bet9ja's soccer events: the tree of groups, then one request per group. There is no request for all of them. */
import { drifted } from '../../errors.ts';
import type { Site } from '../../platform.ts';
import type { WorkItemSeed } from '../../result.ts';
import { readLists } from '../lists.ts';
import { readShape } from '../shape.ts';
import { ask } from './feed.ts';
import { Options } from './options.ts';
import { dataOf, kickoffOf } from './parse.ts';
import { GroupEvents, Sports } from './schema.ts';

/** Finds the events of the scope, soonest kickoff first in the order of work. A chosen competition is a group. */
export async function* discover(site: Site, options: Options = Options.parse({})): AsyncGenerator<WorkItemSeed[]> {
  const groups = options.scope.competitions ?? (await readGroups(site, options));
  yield* readLists(site, 'group', groups, (group) => readGroup(site, group, options));
}

async function readGroups(site: Site, options: Options): Promise<string[]> {
  const answer = await ask(site, options, 'GetSports', { DISP: 0 });
  const { PAL } = readShape(Sports, dataOf(answer), 'D');
  const sports = Object.entries(PAL);
  const soccer = sports.filter(([id, { S_DESC }]) => isSoccer(id, S_DESC ?? ''));
  if (soccer.length === 0 && sports.length > 0) {
    throw drifted({ path: 'D.PAL.1', problem: 'is missing' });
  }
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
  if (!id) throw drifted({ path: 'D.PAL[].SG[].G[].ID', problem: 'is missing' });
  return id;
}

async function readGroup(site: Site, group: string, options: Options): Promise<WorkItemSeed[]> {
  const answer = await ask(site, options, 'GetEventsInGroupV2', { GROUPID: group, DISP: 0, GROUPMARKETID: 1 });
  const data = dataOf(answer);
  if (typeof data === 'object' && data !== null && Object.keys(data).length === 0) return [];
  const { E } = readShape(GroupEvents, data, 'D');
  return Object.values(E).map((event) => {
    const kickoff = kickoffOf(event, 'D.E[]', options.site.startDateOffsetMinutes);
    return { key: event.ID, priority: Date.parse(kickoff), payload: { name: event.DS, kickoff } };
  });
}
