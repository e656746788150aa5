/** Stores events and prices: what changed is written, what is gone is deleted, what moved is remembered. */
import type { EventOdds } from '#scraper/result.ts';
import { bookEventKey, bookEventRow, differs, storedBookEvents, type StoredBookEvent } from './book-events.ts';
import type { Db } from './client.ts';
import { sql } from './drizzle.ts';
import type { EventWarning } from './event-warnings.ts';
import { storeBookEvents } from './matching.ts';
import { deleteOdds, insertOddsChanges, upsertOdds, type SeenRow } from './record-rows.ts';
import type { StoredCounts } from './records.ts';
import { secondsOf, storable } from './storable.ts';
import { compareOdds, storedOdds, type OddsDifference } from './stored-odds.ts';

/** Events whose stored prices are compared at once: bounds what is held in memory. */
const eventsAtOnce = 200;

/**
 * Brings events and their prices to what the records say. New and changed ones are written, prices of a named event that
 * are not offered any more are deleted. An event that is named twice is stored as it was named last. Two transactions
 * that store for one site take turns, and so do all that write events: that keeps them from deadlocks.
 */
export async function storeOdds(tx: Db, records: readonly EventOdds[]): Promise<Omit<StoredCounts, 'listings'>> {
  const wanted = new Map<string, EventOdds>();
  for (const record of records) {
    wanted.set(bookEventKey(record.platform, record.country, storable(record.eventId)), record);
  }
  const sites = new Set(Array.from(wanted.values(), ({ platform, country }) => `${platform} ${country}`));
  for (const site of [...sites].toSorted()) {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`rescrape records ${site}`}, 0))`);
  }
  const stored = await storedBookEvents(tx, [...wanted.values()]);
  const ids = new Map(Array.from(stored, ([key, { id }]) => [key, id]));
  const { written, warnings } = await storeChangedEvents(tx, wanted, stored);
  for (const [key, id] of written) ids.set(key, id);

  const counts: Omit<StoredCounts, 'listings'> = { events: written.size, odds: 0, dropped: 0, changes: 0, warnings };
  const all = [...wanted];
  for (let at = 0; at < all.length; at += eventsAtOnce) {
    const some = all.slice(at, at + eventsAtOnce).map(([key, event]) => {
      const id = ids.get(key);
      if (id === undefined) throw new Error('An event was neither found nor stored.');
      return { id, event, isNew: !stored.has(key) };
    });
    const { put, drop, changes } = await comparePrices(tx, some);
    counts.dropped += await deleteOdds(tx, drop);
    counts.odds += await upsertOdds(tx, put);
    counts.changes += await insertOddsChanges(tx, changes);
  }
  return counts;
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

async function comparePrices(
  tx: Db,
  events: readonly { id: string; event: EventOdds; isNew: boolean }[],
): Promise<OddsDifference> {
  const all: OddsDifference = { put: [], drop: [], changes: [] };
  const known = await storedOdds(
    tx,
    events.flatMap(({ id, isNew }) => (isNew ? [] : [id])),
  );
  for (const { id, event, isNew } of events) {
    const { put, drop, changes } = compareOdds(id, isNew ? null : (known.get(id) ?? ''), event);
    all.put.push(...put);
    all.drop.push(...drop);
    all.changes.push(...changes);
  }
  return all;
}
