/** What was delivered to which surface. A post is claimed before it is sent, so that a crash in between is seen. */
import { sql } from './drizzle.ts';
import type { Db } from './client.ts';

/** A surface's own reference to one of its messages: opaque to everybody else. */
export type PostRef = Record<string, unknown>;

/** A post as stored. `sending` without a reference means: a process died between sending and noting the reference. */
export interface PostRow {
  runId: number;
  slot: string;
  ref: PostRef | null;
  contentHash: string | null;
  state: 'sending' | 'posted' | 'dead';
}

/** All posts of a chain on one surface. */
export async function readPosts(db: Db, surface: string, runIds: readonly number[]): Promise<PostRow[]> {
  const rows = await db.execute<{
    run_id: number;
    slot: string;
    ref: PostRef | null;
    content_hash: string | null;
    state: 'sending' | 'posted' | 'dead';
  }>(sql`
    select run_id, slot, ref, content_hash, state from posts
    where surface = ${surface} and run_id in (select value::int from jsonb_array_elements_text(${JSON.stringify(runIds)}::jsonb))`);
  return rows.map((row) => ({
    runId: row.run_id,
    slot: row.slot,
    ref: row.ref,
    contentHash: row.content_hash,
    state: row.state,
  }));
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

/** Notes the intention to post before posting; counts the tries. */
export async function claimPost(db: Db, surface: string, runId: number, slot: string): Promise<void> {
  await db.execute(sql`
    insert into posts (surface, run_id, slot, state, tries) values (${surface}, ${runId}, ${slot}, 'sending', 1)
    on conflict (surface, run_id, slot) do update set tries = posts.tries + 1, updated_at = now()
    where posts.state = 'sending'`);
}

/** Notes what is delivered: the reference, and the hash of the content that stands there now (null: not known). */
export async function notePost(
  db: Db,
  surface: string,
  post: { runId: number; slot: string; ref: PostRef; contentHash: string | null },
): Promise<void> {
  await db.execute(sql`
    update posts set state = 'posted', ref = ${JSON.stringify(post.ref)}::jsonb, content_hash = ${post.contentHash},
           posted_at = coalesce(posted_at, now()), updated_at = now()
    where surface = ${surface} and run_id = ${post.runId} and slot = ${post.slot}`);
}

/** Gives up on a post: this surface will never take it. */
export async function buryPost(
  db: Db,
  surface: string,
  post: { runId: number; slot: string },
  reason: string,
): Promise<void> {
  await db.execute(sql`
    update posts set state = 'dead', dead_reason = ${reason.slice(0, 500)}, updated_at = now()
    where surface = ${surface} and run_id = ${post.runId} and slot = ${post.slot}`);
}

/** Forgets a post that no longer exists, so that it is made anew; without a card, the whole thread goes with it. */
export async function forgetPosts(
  db: Db,
  surface: string,
  posts: readonly { runId: number; slot: string }[],
): Promise<void> {
  await db.execute(sql`
    delete from posts p using jsonb_to_recordset(${JSON.stringify(posts)}::jsonb) as gone("runId" int, slot text)
    where p.surface = ${surface} and p.run_id = gone."runId" and p.slot = gone.slot`);
}

/** What tells this database's messages from another's in the same channel; made on the first call. */
export async function houseId(db: Db): Promise<string> {
  await db.execute(sql`insert into houses default values on conflict do nothing`);
  const rows = await db.execute<{ id: string }>(sql`select id from houses`);
  return rows[0]?.id ?? '';
}

/** When anything was last said on a surface, or null when nothing ever was. */
export async function lastSaidAt(db: Db, surface: string): Promise<Date | null> {
  const rows = await db.execute<{ at: string | null }>(
    sql`select to_jsonb(max(updated_at)) #>> '{}' as at from posts where surface = ${surface}`,
  );
  const at = rows[0]?.at ?? null;
  return at === null ? null : new Date(at);
}
