/**
 * `npm run bench:size [-- --print]`: how large the database is after 30 days of scraping three books and one auction site
 * every hour, table by table, and what a row costs. The rows are made in the database, as many and as long as real ones.
 */
import { parseArgs } from 'node:util';
import { openDatabase } from '#db/client.ts';
import { RetentionSettings } from '#bot/retention-settings.ts';
import { seedHistory } from '../helpers/seed-history.ts';
import { machineWords } from './machine.ts';
import { writeSection } from './report.ts';
import { closeWorld, newDatabase } from './world.ts';

const DAYS = 30;
const RUNS = DAYS * 24;
const BOOKS = ['bet9ja', 'betpawa', 'sportybet'];
/** Matches that a book shows at once, and how many new ones it shows a day; prices of one; share that moves in an hour. */
const OPEN = 1_300;
const NEW_A_DAY = 150;
const PRICES = 28;
const MOVES = 0.05;

/** One table with its indexes. */
interface Size {
  name: string;
  rows: number;
  bytes: number;
}

const { values } = parseArgs({ options: { print: { type: 'boolean', default: false } } });
try {
  const url = await newDatabase();
  await seedHistory(url, RUNS);
  await fill(url);
  const body = report(await sizes(url));
  if (values.print) process.stdout.write(body);
  else process.stdout.write(await writeSection(`The database after ${DAYS} days`, body));
} finally {
  await closeWorld();
}

/** What scraping leaves besides runs, jobs, steps and failures. */
async function fill(url: string): Promise<void> {
  await using database = openDatabase(url, { applicationName: 'rescrape bench' });
  const link = database.connect();
  const run = (text: string) => link.run({ text, deadlineMs: 15 * 60_000 });
  const books = `unnest('{${BOOKS.join(',')}}'::text[])`;
  const matches = OPEN + DAYS * NEW_A_DAY;
  const at = `now() - random() * interval '${DAYS} days'`;
  try {
    for (const text of [
      'set statement_timeout = 0',
      // As they are worked on: listed as pending, then done. What an update leaves behind is part of the size.
      `insert into work_items (job_id, step, key, priority, payload)
       select j.id, 'extract', 'sr:match:' || (60000000 + n), 1700000000 + n, '{}'
       from jobs j cross join generate_series(1, ${OPEN}) n where j.platform = any('{${BOOKS.join(',')}}') and j.retry_number = 0`,
      `update work_items set status = 'done', attempts = 1`,
      'vacuum work_items',
      `insert into events (sport, home, away, competition, competition_country, kickoff, sportradar_id)
       select 'football', 'Kwara United ' || n, 'Enyimba Aba ' || n, 'NPFL', 'Nigeria', ${at}, (60000000 + n)::text
       from generate_series(1, ${matches}) n`,
      `insert into book_events (event_id, platform, country, source_id, sportradar_id, home, away, sport, competition_id,
                                competition, competition_country, kickoff, live)
       select e.id, b, 'ng', 'sr:match:' || e.sportradar_id, e.sportradar_id, e.home, e.away, 'football',
              'sr:tournament:2060', e.competition, e.competition_country, e.kickoff, false
       from events e cross join ${books} b`,
      `insert into odds (book_event_id, market, period, line, outcome, price, source_market_id, source_outcome_id, source_updated_at)
       select b.id, 'over_under', (array['ft','1h','2h'])[1 + n % 3], n / 2 + 0.5, case n % 2 when 0 then 'over' else 'under' end,
              1.01 + random() * 9, '18', '12', now()
       from book_events b cross join generate_series(1, ${PRICES}) n`,
      `insert into odds_digests (book_event_id, digest) select id, md5(id::text) || md5(id::text) from book_events
       on conflict do nothing`,
      `insert into odds_changes (book_event_id, market, period, line, outcome, old_price, new_price, at)
       select 1 + (random() * ${matches * BOOKS.length - 1})::int, 'over_under', 'ft', 2.5, 'over', 1.5 + random(), 3 + random(), ${at}
       from generate_series(1, ${Math.round(OPEN * PRICES * BOOKS.length * MOVES * RUNS)})`,
      'analyze',
    ]) {
      await run(text);
    }
  } finally {
    await link.end();
  }
}

async function sizes(url: string): Promise<Size[]> {
  await using database = openDatabase(url, { applicationName: 'rescrape bench' });
  const link = database.connect();
  try {
    const text = `select c.relname as name, greatest(c.reltuples, 0)::float8 as rows, pg_total_relation_size(c.oid)::float8 as bytes
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname in ('public', 'rollup', 'pgboss') order by bytes desc`;
    return (await link.run({ text, deadlineMs: 60_000 })) as unknown as Size[];
  } finally {
    await link.end();
  }
}

function report(all: readonly Size[]): string {
  const large = all.filter(({ bytes }) => bytes > 1e6);
  const rest = all.filter(({ bytes }) => bytes <= 1e6).reduce((sum, { bytes }) => sum + bytes, 0);
  const total = all.reduce((sum, { bytes }) => sum + bytes, 0);
  const mb = (bytes: number) => Math.round(bytes / 1e6).toLocaleString('en');
  const daily = (of: string) => (all.find((one) => one.name === of)?.bytes ?? 0) / DAYS;
  const { workItemsDays, priceChangesDays } = RetentionSettings.parse({});
  const bounded = daily('work_items') * workItemsDays + daily('odds_changes') * priceChangesDays;
  const rows = large.map(
    ({ name: table, rows: count, bytes }) =>
      `| \`${table}\` | ${count.toLocaleString('en')} | ${mb(bytes)} | ${Math.round(bytes / Math.max(1, count))} |`,
  );
  return `Written by \`npm run bench:size\` on ${new Date().toISOString().slice(0, 10)}: ${RUNS} hourly runs, three books with
${OPEN.toLocaleString('en')} matches at a time and ${NEW_A_DAY} new ones a day, ${PRICES} prices each, of which ${MOVES * 100} in a hundred move within an hour.

${machineWords([])
  .map((words) => `- ${words}`)
  .join('\n')}

| Table, with its indexes | Rows | MB | Bytes a row |
| --- | ---: | ---: | ---: |
${rows.join('\n')}
| everything else | | ${mb(rest)} | |
| in all | | ${mb(total)} | |

A day adds ${mb(daily('work_items'))} MB of work items and ${mb(daily('odds_changes'))} MB of price changes. They go after ${workItemsDays} and ${priceChangesDays} days unless set
otherwise ([retention](operations.md)), so these two come to rest at ${(bounded / 1e9).toFixed(1)} GB.
`;
}
