/** Looks afterwards whether anything was lost or doubled: in the database, and in what stands in Slack and Discord. */
import { sql } from '#db/drizzle.ts';
import type { Db } from '#db/client.ts';
import { breaches } from '../helpers/invariants.ts';
import { ownMarkOf } from '#bot/discord/names.ts';
import { houseId } from '#db/posts.ts';
import type { Asked } from './troubles.ts';
import type { World } from './world.ts';

/** What there was. */
export interface Tally {
  runs: number;
  jobs: number;
  /** Holds of jobs: more than jobs, as what was killed was taken again. */
  holds: number;
  items: number;
  messages: number;
  actions: number;
}

/** What a message claims to be, and what the service knows it by. */
interface Standing {
  post: string;
  ref: string;
  text: string;
}

/** Everything that is not as it was promised, in words. */
export async function violations(
  { house, database: { db }, diedByThemselves, logs }: World,
  asked: Asked,
): Promise<string[]> {
  const broken = (await breaches(db)).map(({ invariant, row }) => `${invariant}: ${JSON.stringify(row)}`);
  const { slack, discord } = house;
  return [
    ...broken,
    ...diedByThemselves().map((said) => `a process ended by itself: ${said}`),
    ...ownErrors(logs()),
    ...compare('slack', inSlack(house), await stored(db, 'slack')),
    ...compare('discord', inDiscord(house, await houseId(db)), await stored(db, 'discord')),
    ...(await missing(db)),
    ...(await unheard(db, asked)),
    ...slack.state.rejected.map((what) => `Slack refused ours: ${what}`),
    ...discord.world.complaints.map((what) => `Discord refused ours: ${what}`),
    ...discord.world.pings.map((what) => `somebody was pinged: ${what}`),
  ];
}

/** Errors that nobody foresaw: foreseen ones are told by their code, these with the place where they were thrown. */
function ownErrors(log: string): string[] {
  const lines = log.split('\n').filter((line) => line.includes('"stack":') && !line.includes('DeliveryError'));
  return [...new Set(lines)].map((line) => `an error of our own: ${line.slice(0, 2_000)}`);
}

/** What came about, for the report. */
export async function tally({ database: { db }, house }: World): Promise<Tally> {
  const [row] = await db.execute<Omit<Tally, 'messages'> & Record<string, unknown>>(sql`
    select (select count(*)::int from runs) as runs, (select count(*)::int from jobs) as jobs,
      (select coalesce(sum(lease), 0)::int from jobs) as holds, (select count(*)::int from actions) as actions,
      (select count(*)::int from work_items where status = 'done') as items`);
  const { runs = 0, jobs = 0, holds = 0, items = 0, actions = 0 } = row ?? {};
  return {
    runs,
    jobs,
    holds,
    items,
    actions,
    messages: inSlack(house).length + inDiscord(house, await houseId(db)).length,
  };
}

function inSlack({ slack }: World['house']): Standing[] {
  return slack.standing().flatMap(({ ts, metadata, seen }) => {
    const payload = metadata?.['event_payload'] as { run?: unknown; slot?: unknown } | undefined;
    return payload === undefined
      ? []
      : [{ post: `${String(payload.run)} ${String(payload.slot)}`, ref: ts, text: seen }];
  });
}

/** In Discord a message says which post it is by the numbers inside it; what is said to one person has none of its own. */
function inDiscord({ discord }: World['house'], installation: string): Standing[] {
  const own = ownMarkOf(installation).join('/');
  return [...discord.world.messages.values()].flatMap((message) => {
    const [outer] = message.components as { id?: number; components?: { id?: number }[] }[];
    const post = `${outer?.id}/${outer?.components?.[0]?.id}`;
    return post === own ? [] : [{ post, ref: message.id, text: discord.textOf(message) }];
  });
}

async function stored(db: Db, surface: string): Promise<{ ref: string; of: string }[]> {
  const rows = await db.execute<{ ref: string; of: string }>(sql`
    select ref ->> ${surface === 'slack' ? 'ts' : 'message'} as ref, run_id || ' ' || slot as of from posts
    where surface = ${surface} and state = 'posted'
    union all select ref ->> ${surface === 'slack' ? 'ts' : 'message'}, '0 ' || name from notices
    where surface = ${surface} and state = 'posted'`);
  return [...rows];
}

function compare(
  surface: string,
  standing: readonly Standing[],
  kept: readonly { ref: string; of: string }[],
): string[] {
  const times = Map.groupBy(standing, ({ post }) => post);
  const refs = new Set(standing.map(({ ref }) => ref));
  const known = new Set(kept.map(({ ref }) => ref));
  return [
    ...[...times]
      .filter(([, of]) => of.length > 1)
      .map(([post, of]) => `${surface}: ${post} stands ${of.length} times`),
    ...kept.filter(({ ref }) => !refs.has(ref)).map(({ of }) => `${surface}: ${of} was lost`),
    ...standing
      .filter(({ ref }) => !known.has(ref))
      .map(({ post, text }) => `${surface}: nobody knows of ${post}: ${text.slice(0, 200)}`),
  ];
}

/** Every run has its card on both, and what broke is told there. */
async function missing(db: Db): Promise<string[]> {
  const rows = await db.execute<{ what: string }>(sql`
    select s.surface || ': run ' || r.id || ' has no card' as what from runs r
    cross join (values ('slack'), ('discord')) s(surface)
    where not exists (select 1 from posts p where p.run_id = r.id and p.surface = s.surface and p.slot = 'card' and p.state = 'posted')
    union all
    select s.surface || ': nothing is said of ' || j.platform || ' in run ' || j.run_id from jobs j
    cross join (values ('slack'), ('discord')) s(surface)
    where j.status in ('failed', 'partial') and not exists (select 1 from posts p where p.run_id = j.run_id
      and p.surface = s.surface and p.state = 'posted' and (p.slot = 'job:' || j.platform or p.slot like 'cause:%'))`);
  return rows.map(({ what }) => what);
}

/**
 * Whatever was taken is written down, unless the person was told that it was not; or that it was not known yet, by a bot
 * that was killed before it was.
 */
async function unheard(db: Db, { taken }: Asked): Promise<string[]> {
  const rows = await db.execute<{ count: number }>(sql`
    select count(*)::int as count from actions where name = 'retry'`);
  const written = rows[0]?.count ?? 0;
  const counted = taken
    .map((told) => told())
    .filter((told) => !told.some((text) => /too slow right now|did not answer in time|an error of ours/.test(text)))
    .filter((told) => !/is slow to answer/.test(told.at(-1) ?? ''));
  if (written >= counted.length) return [];
  const told = Map.groupBy(counted, (texts) => (texts.at(-1) ?? 'nothing').slice(0, 60));
  const words = [...told].map(([text, all]) => `${all.length} were told “${text}”`).join(', ');
  return [`${counted.length} presses were taken, and only ${written} are written down: ${words}`];
}
