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
    const numbers = `${line === null ? '' : exactly(line)} ${exactly(price)} ${updated}`;
    const named = `${market} ${period} ${outcome} ${numbers} ${withLength(sourceMarketId)} ${withLength(sourceOutcomeId)}`;
    lines.set(key, `${named}\n`);
  }
  return hash('sha256', inBytes([...lines.values()]).join(''), 'hex');
}

/** How numbers are written, so many at most: prices and lines are few, and met again and again. */
const known = new Map<number, string>();
const MOST_KNOWN = 20_000;
const eight = Buffer.alloc(8);

/** A number by its bits: as text, very large and very small ones look otherwise in Postgres. Zero has no sign. */
function exactly(value: number): string {
  const before = known.get(value);
  if (before !== undefined) return before;
  eight.writeDoubleBE(value + 0);
  const bits = eight.toString('hex');
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(value, bits);
  return bits;
}

/** The ids are the site's: with its length in bytes in front, none can pass for the end of one line and the start of another. */
function withLength(id: string): string {
  const text = storable(id);
  return `${Buffer.byteLength(text)}:${text}`;
}

const surrogate = /[\ud800-\udfff]/;

/** In the order of their UTF-8, as Postgres sorts them; that of JavaScript is another only beyond 16 bits. */
function inBytes(lines: string[]): string[] {
  if (!lines.some((line) => surrogate.test(line))) return lines.toSorted();
  return lines.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
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
