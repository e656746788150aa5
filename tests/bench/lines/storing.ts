/** How fast prices are stored: 1,300 matches of a hundred prices, fresh, unchanged, and with one price in twenty moved. */
import { connect } from 'node:net';
import { openDatabase, type Database } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { postgres } from '#db/postgres.ts';
import { odds } from '#db/record-schema.ts';
import { storeRecords } from '#db/records.ts';
import { figure, type Figures, type Goal, type Line } from '../line.ts';
import { pricesEach, sweep } from '../sweep.ts';
import { newDatabase } from '../world.ts';

const fresh = 'fresh, prices/s';
const unchanged = 'unchanged, prices/s';
const moved = '5 % moved, prices/s';
const wal = 'WAL of unchanged, kB';

/** Three sweeps, each a list of events with prices; the same for all ways. */
const sweeps = { fresh: sweep(0), unchanged: sweep(0), moved: sweep(1, 20) };
type Events = typeof sweeps.fresh;

async function measured(prepare: (database: Database) => Promise<(events: Events) => Promise<void>>): Promise<Figures> {
  const url = await newDatabase();
  await using database = openDatabase(url, { queryTimeoutMs: 60_000, transactionTimeoutMs: 120_000 });
  const store = await prepare(database);
  async function timed(events: Events): Promise<number> {
    await database.db.execute(sql`checkpoint`);
    const began = performance.now();
    await store(events);
    return (events.length * pricesEach * 1_000) / (performance.now() - began);
  }
  const first = await timed(sweeps.fresh);
  await database.db.execute(sql`vacuum analyze`);
  const second = await timed(sweeps.unchanged);
  const before = await walOf(database);
  await store(sweeps.unchanged);
  const written = (await walOf(database)) - before;
  return { [fresh]: first, [unchanged]: second, [moved]: await timed(sweeps.moved), [wal]: written / 1024 };
}

async function walOf({ db }: Database): Promise<number> {
  const [row] = await db.execute<{ at: string }>(sql`select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as at`);
  return Number(row?.at);
}

/** As the product stores what one run of a book brings, in one transaction for each batch of the engine. */
function asWeDo(atOnce: number) {
  return ({ db }: Database) =>
    Promise.resolve(async (events: Events) => {
      for (let at = 0; at < events.length; at += atOnce) {
        await db.transaction((tx) => storeRecords(tx, events.slice(at, at + atOnce)));
      }
    });
}

/** The events themselves, so that others have something to hang their prices on. */
async function eventIds({ db }: Database): Promise<number[]> {
  await db.transaction((tx) =>
    storeRecords(
      tx,
      sweeps.fresh.map((event) => ({ ...event, prices: [] })),
    ),
  );
  const ids = await db.execute<{ id: string }>(sql`select id from book_events order by event_id`);
  return ids.map(({ id }) => Number(id));
}

function rowsOf(ids: readonly number[], events: Events) {
  const sorted = events.toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1));
  return sorted.flatMap(({ prices }, at) => prices.map((price) => ({ ...price, bookEventId: ids[at] ?? 0 })));
}

/** One COPY into a temporary table and one upsert from it: the fastest way to the same rows, with nothing compared or remembered. */
async function byCopy(database: Database) {
  const ids = await eventIds(database);
  return async (events: Events) => {
    const { hostname: host, port } = new URL(database.url);
    // Without `noDelay`, postgres.js waits 44 ms for each COPY: that is not what we want to be better than.
    const socket = () => connect({ host, port: Number(port), noDelay: true });
    const client = postgres(database.url, { max: 1, onnotice: () => {}, socket } as object);
    try {
      await client.begin(async (tx) => {
        await tx`create temp table incoming (like odds including defaults) on commit drop`;
        const copy = await tx`
          copy incoming (book_event_id, market, period, line, outcome, price, source_market_id, source_outcome_id)
          from stdin`.writable();
        const lines = rowsOf(ids, events).map((row) =>
          [
            row.bookEventId,
            row.market,
            row.period,
            row.line ?? '\\N',
            row.outcome,
            row.price,
            row.sourceMarketId,
            row.sourceOutcomeId,
          ].join('\t'),
        );
        copy.end(`${lines.join('\n')}\n`);
        await new Promise((resolve, reject) => copy.on('finish', resolve).on('error', reject));
        await tx`
          insert into odds select * from incoming on conflict (book_event_id, market, period, line, outcome)
          do update set price = excluded.price, source_market_id = excluded.source_market_id,
            source_outcome_id = excluded.source_outcome_id, updated_at = now()`;
      });
    } finally {
      await client.end();
    }
  };
}

/** As drizzle's documentation upserts, a thousand rows a statement. */
async function byDrizzle(database: Database) {
  const ids = await eventIds(database);
  return async (events: Events) => {
    const rows = rowsOf(ids, events).map((row) => ({ ...row, sourceUpdatedAt: null }));
    for (let at = 0; at < rows.length; at += 1_000) {
      await database.db
        .insert(odds)
        .values(rows.slice(at, at + 1_000))
        .onConflictDoUpdate({
          target: [odds.bookEventId, odds.market, odds.period, odds.line, odds.outcome],
          set: { price: sql`excluded.price`, updatedAt: sql`now()` },
        });
    }
  };
}

const ours = 'ours';
const copied = 'COPY and upsert';
const plain = 'drizzle’s insert';

function goal(what: string, column: string, other: string, least: number): Goal {
  return {
    what,
    unit: `× ${other}`,
    least,
    // What others take for fresh rows is what they take for all of them: they write each row in any case.
    of: (round) => figure(round, ours, column) / figure(round, other, column),
  };
}

export const storing: Line = {
  title: 'Storing 130,000 prices of 1,300 matches',
  note: 'Ours also compares, keeps what moved, matches events of several books, and removes what is not offered any more. The others only write rows.',
  ways: [
    { name: ours, measure: () => measured(asWeDo(1_300)) },
    { name: 'ours, 20 events at once', measure: () => measured(asWeDo(20)) },
    { name: copied, measure: () => measured(byCopy) },
    { name: plain, measure: () => measured(byDrizzle) },
  ],
  goals: [
    goal('Storing fresh prices', fresh, copied, 0.75),
    goal('Storing fresh prices', fresh, plain, 3.3),
    goal('Storing unchanged prices', unchanged, copied, 10),
    goal('Storing prices of which 5 % moved', moved, copied, 1.3),
    {
      what: 'Storing unchanged prices: what is written ahead',
      unit: 'kB',
      most: 1,
      of: (round) => figure(round, ours, wal),
    },
  ],
};
