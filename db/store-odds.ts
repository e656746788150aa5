/** Stores events and prices: what changed is written, what is gone is deleted, what moved is remembered. */
import type { EventOdds } from '#scraper/result.ts';
import { bookEventKey, bookEventRow, differs, storedBookEvents, type StoredBookEvent } from './book-events.ts';
import type { Db } from './client.ts';
import { sql } from './drizzle.ts';
import type { EventWarning } from './event-warnings.ts';
import { storeBookEvents } from './matching.ts';
import { digestOf, keepOddsDigests } from './odds-digest.ts';
import { deleteOdds, insertOdds, insertOddsChanges, upsertOdds, type SeenRow } from './record-rows.ts';
import type { StoredCounts } from './records.ts';
import { secondsOf, storable } from './storable.ts';
import { compareOdds, storedOdds, type OddsDifference } from './stored-odds.ts';

/** Events whose stored prices are compared at once: bounds what is held in memory. */
const eventsAtOnce = 200;

/** An event whose prices are not known to be stored as they are: `digest` is what they come to. */
interface PricedEvent {
  id: string;
  event: EventOdds;
  isNew: boolean;
  digest: string | null;
}

/** What is to be done for several events. `first`: the prices of those that are new, where nothing can be in the way. */
interface Differences extends OddsDifference {
  first: OddsDifference['put'];
}

/**
 * Brings events and their prices to what the records say. New and changed ones are written, prices of a named event that
 * are not offered any more are deleted. An event that is named twice is stored as it was named last. Two transactions
 * that store for one site take turns, and so do all that write events: that keeps them from deadlocks. An event whose prices
 * come to the hash that is kept of the stored ones is not looked at any further.
 */
export async function storeOdds(tx: Db, records: readonly EventOdds[]): Promise<Omit<StoredCounts, 'listings'>> {
  const wanted = new Map<string, EventOdds>();
  for (const record of records) {
    wanted.set(bookEventKey(record.platform, record.country, storable(record.eventId)), record);
  }
  await takeTurns(tx, new Set(Array.from(wanted.values(), ({ platform, country }) => `${platform} ${country}`)));
  const stored = await storedBookEvents(tx, [...wanted.values()]);
  const ids = new Map(Array.from(stored, ([key, { id }]) => [key, id]));
  const { written, warnings } = await storeChangedEvents(tx, wanted, stored);
  for (const [key, id] of written) ids.set(key, id);

  const counts: Omit<StoredCounts, 'listings'> = { events: written.size, odds: 0, dropped: 0, changes: 0, warnings };
  const all = [...wanted];
  for (let at = 0; at < all.length; at += eventsAtOnce) {
    const moved = all.slice(at, at + eventsAtOnce).flatMap(([key, event]): PricedEvent[] => {
      const digest = digestOf(event);
      const before = stored.get(key);
      if (before && digest !== null && before.digest === digest) return [];
      const id = ids.get(key);
      if (id === undefined) throw new Error('An event was neither found nor stored.');
      return [{ id, event, isNew: before === undefined, digest }];
    });
    const { first, put, drop, changes } = await comparePrices(tx, moved);
    counts.dropped += await deleteOdds(tx, drop);
    counts.odds += (await insertOdds(tx, first)) + (await upsertOdds(tx, put));
    counts.changes += await insertOddsChanges(tx, changes);
    const digests = moved.flatMap(({ id, digest }) => (digest === null ? [] : [{ book_event_id: id, digest }]));
    await keepOddsDigests(tx, digests);
  }
  return counts;
}

/** Takes every price of a platform's events off the table, as when the site has them no more. */
export async function withdrawOdds(tx: Db, platform: string, sourceIds: readonly string[]): Promise<void> {
  if (sourceIds.length === 0) return;
  const ofThese = sql`b.platform = ${platform} and b.source_id = any(${sql.param(sourceIds)}::text[])`;
  const found = await tx.execute<{ country: string }>(sql`
    select distinct b.country from book_events b where ${ofThese}`);
  await takeTurns(tx, new Set(found.map(({ country }) => `${platform} ${country}`)));
  await tx.execute(sql`
    with deleted as (
      delete from odds o using book_events b
      where b.id = o.book_event_id and ${ofThese}
      returning o.*
    )
    insert into odds_changes (book_event_id, market, period, line, outcome, old_price, new_price, at)
    select book_event_id, market, period, line, outcome, price, null, now() from deleted`);
}

/** Nobody else writes prices of these sites (`platform country`) until the transaction ends: what was compared still holds. */
async function takeTurns(tx: Db, sites: ReadonlySet<string>): Promise<void> {
  for (const site of [...sites].toSorted()) {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`rescrape records ${site}`}, 0))`);
  }
}

async function storeChangedEvents(
  tx: Db,
  wanted: Map<string, EventOdds>,
  stored: Map<string, StoredBookEvent>,
): Promise<{ written: Map<string, string>; warnings: EventWarning[] }> {
  const changed: SeenRow[] = [];
  for (const [key, event] of wanted) {
    const before = stored.get(key);
    const row = bookEventRow(event, before);
    const seen = secondsOf(event.fetchedAt);
    if (!before || differs(row, seen, before)) changed.push({ ...row, seen });
  }
  return changed.length === 0 ? { written: new Map(), warnings: [] } : storeBookEvents(tx, changed);
}

async function comparePrices(tx: Db, events: readonly PricedEvent[]): Promise<Differences> {
  const all: Differences = { first: [], put: [], drop: [], changes: [] };
  const known = await storedOdds(
    tx,
    events.flatMap(({ id, isNew }) => (isNew ? [] : [id])),
  );
  for (const { id, event, isNew } of events) {
    const { put, drop, changes } = compareOdds(id, isNew ? null : (known.get(id) ?? ''), event);
    (isNew ? all.first : all.put).push(...put);
    all.drop.push(...drop);
    all.changes.push(...changes);
  }
  return all;
}
