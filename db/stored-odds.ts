/** The prices that are stored, read as one text per event: a row per price would cost the driver ten times the work. */
import type { Price } from '#scraper/result.ts';
import type { Db } from './client.ts';
import { sql } from './drizzle.ts';
import type { OddsKey, OddsRow } from './record-rows.ts';

/** Control characters that no id of a book holds; where one did, its price would be written again, and still be right. */
const field = '\u001f';
const row = '\u001e';

/** By event id, the text {@link compareOdds} reads. Events without prices are not in it. */
export async function storedOdds(tx: Db, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const found = await tx.execute<{ id: string; prices: string }>(sql`
    select event_id as id,
           string_agg(concat_ws(E'\\x1f', market, period, coalesce(line::text, ''), outcome, price, source_market_id,
                                source_outcome_id, date_part('epoch', source_updated_at)), E'\\x1e') as prices
    from odds where event_id = any(${sql.param(ids)}::bigint[]) group by event_id`);
  return new Map(found.map(({ id, prices }) => [id, prices]));
}

/** What has to be written and what has to go, so that the stored prices of an event become those that are offered. */
export function compareOdds(
  eventId: string,
  stored: string,
  offered: readonly Price[],
): { put: OddsRow[]; drop: OddsKey[] } {
  const drop: OddsKey[] = [];
  const left = new Map(
    offered.map((price) => [`${price.market} ${price.period} ${price.line} ${price.outcome}`, price]),
  );
  for (const text of stored === '' ? [] : stored.split(row)) {
    const [market = '', period = '', lineText = '', outcome = '', ...rest] = text.split(field);
    const line = lineText === '' ? null : Number(lineText);
    const key = `${market} ${period} ${line} ${outcome}`;
    const price = left.get(key);
    if (price === undefined) drop.push({ event_id: eventId, market, period, line, outcome });
    else if (isSame(price, rest)) left.delete(key);
  }
  return { put: Array.from(left.values(), (price) => oddsRow(eventId, price)), drop };
}

function isSame(price: Price, [stored, marketId, outcomeId, updated]: string[]): boolean {
  return (
    price.price === Number(stored) &&
    price.sourceMarketId === marketId &&
    price.sourceOutcomeId === outcomeId &&
    (price.sourceUpdatedAt === null ? updated === undefined : secondsOf(price.sourceUpdatedAt) === Number(updated))
  );
}

function oddsRow(eventId: string, price: Price): OddsRow {
  return {
    event_id: eventId,
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

/** Seconds since 1970: what both sides can compare as numbers. */
export function secondsOf(iso: string): number {
  return Date.parse(iso) / 1000;
}

/** Postgres takes neither NUL nor half a surrogate pair; one bad letter must not cost a whole batch. */
export function storable(text: string): string {
  return text.isWellFormed() && !text.includes('\0') ? text : text.toWellFormed().replaceAll('\0', '\ufffd');
}
