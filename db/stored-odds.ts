/** The prices that are stored, read as one text per event: a row per price would cost the driver ten times the work. */
import type { EventOdds, Price } from '#scraper/result.ts';
import type { Db } from './client.ts';
import { sql } from './drizzle.ts';
import type { OddsChange, OddsKey, OddsRow } from './record-rows.ts';
import { secondsOf, storable } from './storable.ts';

/** Control characters that no id of a book holds; where one did, its price would be written again, and still be right. */
const field = '\u001f';
const row = '\u001e';

/** What the prices of an event were before: null when the event itself is new, so that none of them has moved. */
export type StoredPrices = string | null;

/** By book event id, the text {@link compareOdds} reads. Events without prices are not in it. */
export async function storedOdds(tx: Db, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const found = await tx.execute<{ id: string; prices: string }>(sql`
    select book_event_id as id,
           string_agg(concat_ws(E'\\x1f', market, period, coalesce(line::text, ''), outcome, price, source_market_id,
                                source_outcome_id, date_part('epoch', source_updated_at)), E'\\x1e') as prices
    from odds where book_event_id = any(${sql.param(ids)}::bigint[]) group by book_event_id`);
  return new Map(found.map(({ id, prices }) => [id, prices]));
}

/** What makes the stored prices of an event those that are offered, and what is to be remembered of it. */
export interface OddsDifference {
  put: OddsRow[];
  drop: OddsKey[];
  changes: OddsChange[];
}

/**
 * Compares what is stored with what is offered. Of a market that could not be read nothing goes: what was known of it is
 * the best we know.
 */
export function compareOdds(
  bookEventId: string,
  stored: StoredPrices,
  { prices, unread = [], fetchedAt }: Pick<EventOdds, 'prices' | 'unread' | 'fetchedAt'>,
): OddsDifference {
  const at = secondsOf(fetchedAt);
  const drop: OddsKey[] = [];
  const changes: OddsChange[] = [];
  const before = new Map<string, number>();
  const left = new Map(
    prices.map((price) => [`${price.market} ${price.period} ${price.line} ${price.outcome}`, price]),
  );
  for (const text of stored ? stored.split(row) : []) {
    const [market = '', period = '', lineText = '', outcome = '', ...rest] = text.split(field);
    const line = lineText === '' ? null : Number(lineText);
    const key = `${market} ${period} ${line} ${outcome}`;
    const old = Number(rest[0]);
    const price = left.get(key);
    if (price === undefined) {
      if (unread.some((one) => one.market === market && one.period === period)) continue;
      const gone = { book_event_id: bookEventId, market, period, line, outcome };
      drop.push(gone);
      changes.push({ ...gone, old_price: old, new_price: null, at });
    } else if (isSame(price, rest)) left.delete(key);
    else before.set(key, old);
  }
  for (const [key, { market, period, line, outcome, price }] of stored === null ? [] : left) {
    const old = before.get(key) ?? null;
    if (old === price) continue;
    changes.push({ book_event_id: bookEventId, market, period, line, outcome, old_price: old, new_price: price, at });
  }
  return { put: Array.from(left.values(), (price) => oddsRow(bookEventId, price)), drop, changes };
}

function isSame(price: Price, [stored, marketId, outcomeId, updated]: string[]): boolean {
  return (
    price.price === Number(stored) &&
    price.sourceMarketId === marketId &&
    price.sourceOutcomeId === outcomeId &&
    (price.sourceUpdatedAt === null ? updated === undefined : secondsOf(price.sourceUpdatedAt) === Number(updated))
  );
}

function oddsRow(bookEventId: string, price: Price): OddsRow {
  return {
    book_event_id: bookEventId,
    market: price.market,
    period: price.period,
    line: price.line,
    outcome: price.outcome,
    price: price.price,
    source_market_id: storable(price.sourceMarketId),
    source_outcome_id: storable(price.sourceOutcomeId),
    source_updated_at: price.sourceUpdatedAt === null ? null : secondsOf(price.sourceUpdatedAt),
  };
}
