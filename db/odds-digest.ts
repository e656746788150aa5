/** One hash for all prices of an event: an answer that brings the same again is known by it, and nothing else is read. */
import { hash } from 'node:crypto';
import type { EventOdds } from '#scraper/result.ts';
import type { Db } from './client.ts';
import { sql } from './drizzle.ts';
import { storable } from './storable.ts';

/** The hash of the prices of one event, as they are stored. */
export interface OddsDigest {
  book_event_id: string;
  digest: string;
}

/**
 * What the prices of an answer come to once they are stored, whatever their order; null where a market could not be read,
 * since what stays of it is not in the answer. SHA-256 in hex, of a text that tests/invariants.sql makes from the rows.
 */
export function digestOf({ prices, unread = [] }: Pick<EventOdds, 'prices' | 'unread'>): string | null {
  if (unread.length > 0) return null;
  const lines = new Map<string, string>();
  for (const { market, period, line, outcome, price, sourceMarketId, sourceOutcomeId, sourceUpdatedAt } of prices) {
    const key = `${market} ${period} ${line ?? ''} ${outcome}`;
    const updated = sourceUpdatedAt === null ? '' : Date.parse(sourceUpdatedAt);
    // A price that is named twice is stored as it was named last.
    lines.set(key, `${key} ${price} ${updated} ${withLength(sourceMarketId)} ${withLength(sourceOutcomeId)}\n`);
  }
  return hash('sha256', [...lines.values()].toSorted().join(''), 'hex');
}

/** The ids are the site's: with its length in front, none can pass for the end of one line and the start of another. */
function withLength(id: string): string {
  const text = storable(id);
  return `${text.length}:${text}`;
}

/** Keeps hashes. Call it when all prices are written, and in the same transaction: writing a price deletes its event's. */
export async function keepOddsDigests(tx: Db, digests: readonly OddsDigest[]): Promise<void> {
  if (digests.length === 0) return;
  await tx.execute(sql`
    insert into odds_digests (book_event_id, digest)
    select book_event_id, digest
    from json_to_recordset(${JSON.stringify(digests)}::json) as d (book_event_id bigint, digest text)
    on conflict (book_event_id) do update set digest = excluded.digest`);
}
