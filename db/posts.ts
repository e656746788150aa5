/** What was delivered to which surface. A post is claimed before it is sent, so that a crash in between is seen. */
import { sql } from './drizzle.ts';
import type { Db } from './client.ts';

/** A surface's own reference to one of its messages: opaque to everybody else. */
export type PostRef = Record<string, unknown>;

/** Where posts stand: one channel of one surface. */
export interface Outlet {
  surface: string;
  channel: string;
}

/**
 * A post as stored. `sending` without a reference: a process died between sending and noting the reference.
 * `gone`: somebody deleted it, and it is made anew. `dead` with a reference: it stands, but can no longer be changed.
 */
export interface PostRow {
  runId: number;
  slot: string;
  ref: PostRef | null;
  contentHash: string | null;
  state: 'sending' | 'posted' | 'gone' | 'dead';
  announced: boolean;
  /** How often it was found deleted. */
  lost: number;
  postedAt: Date | null;
}

/** All posts of a chain in one channel. */
export async function readPosts(db: Db, outlet: Outlet, runIds: readonly number[]): Promise<PostRow[]> {
  const rows = await db.execute<{ post: Omit<PostRow, 'postedAt'> & { postedAt: string | null } }>(sql`
    select jsonb_build_object('runId', run_id, 'slot', slot, 'ref', ref, 'contentHash', content_hash, 'state', state,
                              'announced', announced, 'lost', lost, 'postedAt', posted_at) as post
    from posts where ${standsIn(outlet)}
      and run_id in (select value::int from jsonb_array_elements_text(${JSON.stringify(runIds)}::jsonb))`);
  return rows.map(({ post }) => ({ ...post, postedAt: post.postedAt === null ? null : new Date(post.postedAt) }));
}

/** The card a run's chain has on a surface, in this channel if it has one there; null when it has none. */
export async function cardOf(db: Db, { surface, channel }: Outlet, rootId: number): Promise<PostRef | null> {
  const rows = await db.execute<{ ref: PostRef }>(sql`
    select ref from posts where surface = ${surface} and run_id = ${rootId} and slot = 'card' and ref is not null
    order by channel = ${channel} desc, posted_at limit 1`);
  return rows[0]?.ref ?? null;
}

/** Whether a message is a post of a run's chain; `ref` has the fields of its reference that name it. */
export async function isPostOf(db: Db, surface: string, ref: PostRef, runId: number): Promise<boolean> {
  // Whatever contains nothing is contained in everything.
  if (Object.keys(ref).length === 0) return false;
  const rows = await db.execute(sql`
    select 1 from posts where surface = ${surface} and ref @> ${JSON.stringify(ref)}::jsonb and run_id in (
      select chain.id from runs chain join runs one on one.root_id = chain.root_id where one.id = ${runId}) limit 1`);
  return rows.length > 0;
}

/** Notes the intention to post before posting, and whether it is shown to the whole channel; counts the tries. */
export async function claimPost(
  db: Db,
  { surface, channel }: Outlet,
  post: { runId: number; slot: string; announced: boolean },
): Promise<void> {
  await db.execute(sql`
    insert into posts (surface, channel, run_id, slot, state, announced, tries)
    values (${surface}, ${channel}, ${post.runId}, ${post.slot}, 'sending', ${post.announced}, 1)
    on conflict (surface, channel, run_id, slot) do update
    set state = 'sending', announced = posts.announced or excluded.announced, tries = posts.tries + 1, updated_at = now()
    where posts.state in ('sending', 'gone')`);
}

/** Notes what is delivered: the reference, and the hash of the content that stands there now (null: not known). */
export async function notePost(
  db: Db,
  outlet: Outlet,
  post: { runId: number; slot: string; ref: PostRef; contentHash: string | null },
): Promise<void> {
  await db.execute(sql`
    update posts set state = 'posted', ref = ${JSON.stringify(post.ref)}::jsonb, content_hash = ${post.contentHash},
           posted_at = coalesce(posted_at, now()), updated_at = now()
    where ${standsIn(outlet)} and run_id = ${post.runId} and slot = ${post.slot}`);
}

/** Gives up on a post: this surface will never take it, or never take another change of it. */
export async function buryPost(
  db: Db,
  outlet: Outlet,
  post: { runId: number; slot: string },
  reason: string,
): Promise<void> {
  await db.execute(sql`
    update posts set state = 'dead', dead_reason = ${reason.slice(0, 500)}, updated_at = now()
    where ${standsIn(outlet)} and run_id = ${post.runId} and slot = ${post.slot}`);
}

/** Notes that posts no longer exist, so that they are made anew; without a card, the whole thread goes with it. */
export async function forgetPosts(
  db: Db,
  outlet: Outlet,
  posts: readonly { runId: number; slot: string }[],
): Promise<void> {
  const names = JSON.stringify(posts.map(({ runId, slot }) => ({ runId, slot })));
  await db.execute(sql`
    update posts p set state = 'gone', ref = null, content_hash = null, posted_at = null, dead_reason = null,
           lost = lost + 1, updated_at = now()
    from jsonb_to_recordset(${names}::jsonb) as lost("runId" int, slot text)
    where ${standsIn(outlet)} and p.run_id = lost."runId" and p.slot = lost.slot`);
}

/** What tells this database's messages from another's in the same channel; made on the first call. */
export async function houseId(db: Db): Promise<string> {
  await db.execute(sql`insert into houses default values on conflict do nothing`);
  const rows = await db.execute<{ id: string }>(sql`select id from houses`);
  return rows[0]?.id ?? '';
}

/** When anything was last said on a surface, in whichever channel, or null when nothing ever was. */
export async function lastSaidAt(db: Db, surface: string): Promise<Date | null> {
  const rows = await db.execute<{ at: string | null }>(
    sql`select to_jsonb(max(updated_at)) #>> '{}' as at from posts where surface = ${surface}`,
  );
  const at = rows[0]?.at ?? null;
  return at === null ? null : new Date(at);
}

/** The rows of one channel. */
export function standsIn({ surface, channel }: Outlet) {
  return sql`surface = ${surface} and channel = ${channel}`;
}
