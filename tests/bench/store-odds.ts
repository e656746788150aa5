/**
 * How fast prices are stored: 1,300 matches of a hundred prices, in one call and in the batches the engine makes; fresh,
 * unchanged, and with one price in twenty moved. Run it alone: `DATABASE_URL=… node tests/bench/store-odds.ts`.
 */
import { openDatabase } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { migrate } from '#db/migrate.ts';
import { odds } from '#db/record-schema.ts';
import { storeRecords } from '#db/records.ts';
import type { EventOdds, Price } from '#scraper/result.ts';
import { createDatabase, dropDatabase } from '../helpers/server.ts';
import { anEvent, aPrice } from '../helpers/odds.ts';

const matches = 1300;
const pricesEach = 100;

/** The answers of one sweep; every `moved`th price is another one in sweep 1. */
function sweep(platform: string, number: number, moved = 0): EventOdds[] {
  return Array.from({ length: matches }, (_, match) => {
    const prices = Array.from({ length: pricesEach }, (__, index): Price => {
      const up = moved > 0 && (match + index) % moved === 0 ? number / 100 : 0;
      return aPrice({
        market: 'over_under',
        line: Math.floor(index / 2) / 2,
        outcome: index % 2 ? 'over' : 'under',
        price: 1.5 + index / 50 + up,
      });
    });
    return anEvent(`sr:match:${match}`, prices, { platform, sportradarId: String(match) });
  });
}

const server = process.env['DATABASE_URL'];
if (!server) throw new Error('DATABASE_URL has to name a server where a database can be made.');
const url = await createDatabase(server, `rescrape_bench_${process.pid}`);
const database = openDatabase(url, { queryTimeoutMs: 60_000, transactionTimeoutMs: 120_000 });
await migrate(database);

async function measure(what: string, records: EventOdds[], atOnce: number): Promise<void> {
  const { db } = database;
  const walAt = async () =>
    Number(
      (await db.execute<{ at: string }>(sql`select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as at`))[0]?.at,
    );
  const before = await walAt();
  const started = performance.now();
  let written = 0;
  for (let at = 0; at < records.length; at += atOnce) {
    const counts = await db.transaction((tx) => storeRecords(tx, records.slice(at, at + atOnce)));
    written += counts.odds;
  }
  const seconds = (performance.now() - started) / 1000;
  const rows = records.length * pricesEach;
  const wal = (await walAt()) - before;
  process.stdout.write(
    `${what.padEnd(34)} ${seconds.toFixed(2).padStart(7)} s ${Math.round(rows / seconds)
      .toLocaleString('en')
      .padStart(10)} prices/s  written ${String(written).padStart(6)}  WAL ${Math.round(wal / 1024)} kB\n`,
  );
}

/** The same prices as drizzle writes them when asked plainly: what the ratios are against. */
async function measureNaively(): Promise<void> {
  const { db } = database;
  await db.transaction((tx) =>
    storeRecords(
      tx,
      sweep('betpawa', 0).map((event) => ({ ...event, prices: [] })),
    ),
  );
  const ids = await db.execute<{ id: string }>(sql`select id from book_events where platform = 'betpawa' order by id`);
  const [{ prices } = { prices: [] }] = sweep('betpawa', 0);
  for (const what of ['fresh', 'unchanged']) {
    const started = performance.now();
    for (let at = 0; at < ids.length; at += 10) {
      const rows = ids
        .slice(at, at + 10)
        .flatMap(({ id }) => prices.map((price) => ({ ...price, sourceUpdatedAt: null, bookEventId: Number(id) })));
      await db
        .insert(odds)
        .values(rows)
        .onConflictDoUpdate({
          target: [odds.bookEventId, odds.market, odds.period, odds.line, odds.outcome],
          set: { price: sql`excluded.price`, updatedAt: sql`now()` },
        });
    }
    const seconds = (performance.now() - started) / 1000;
    const rate = Math.round((ids.length * pricesEach) / seconds);
    process.stdout.write(
      `${`plainly, ${what}`.padEnd(34)} ${seconds.toFixed(2).padStart(7)} s ${rate.toLocaleString('en').padStart(10)} prices/s\n`,
    );
  }
}

for (const [platform, atOnce] of [
  ['sportybet', matches],
  ['bet9ja', 20],
] as const) {
  await measure(`fresh, ${atOnce} matches a call`, sweep(platform, 0), atOnce);
  await database.db.execute(sql`analyze`);
  await measure(`unchanged, ${atOnce} matches a call`, sweep(platform, 0), atOnce);
  await measure(`5 % moved, ${atOnce} matches a call`, sweep(platform, 1, 20), atOnce);
}
await measureNaively();
await database.close();
await dropDatabase(server, `rescrape_bench_${process.pid}`);
