import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { startDemoSites, type DemoSiteId, type DemoSites } from '../demo-sites/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { startProcess, type HouseProcess } from '../helpers/house-process.ts';

const { url, db } = await testDatabase();
/** Milliseconds; a limit, not a wait. */
const patience = 120_000;
const ids = ['sportybet', 'bet9ja', 'betpawa'] as const satisfies DemoSiteId[];
let sites: DemoSites;
let dataDir: string;
let bot: HouseProcess;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rescrape-journey-'));
  sites = await startDemoSites({
    latencyMs: 0,
    moods: { sportybet: 'breaks', bet9ja: 'breaks', betpawa: 'breaks' },
  });
  bot = startProcess('bot/main.ts', ['--json'], { DATABASE_URL: url, DATA_DIR: dataDir, ...sites.env });
});

afterAll(async () => {
  await bot[Symbol.asyncDispose]();
  await sites[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
});

async function rows(query: ReturnType<typeof sql>): Promise<Record<string, unknown>[]> {
  return [...(await db.execute(query))];
}

function setMoods(mood: 'ok' | 'drifted'): void {
  for (const id of ids) {
    sites.sites[id].setMood(mood);
    sites.sites[id].clearRequests();
  }
}

/** Waits for a run's end in the database: on a busy machine the automatic attempts take their time. */
async function ended(run: number, status: string): Promise<void> {
  const now = async () => (await rows(sql`select status from runs where id = ${run}`))[0]?.['status'];
  await expect.poll(now, { timeout: patience }).toBe(status);
}

/** Every price and every move of one, with the transaction that wrote it. */
function prices() {
  return rows(sql`
    select 'now' as kind, to_jsonb(o) as row, o.xmin::text from odds o
    union all select 'change', to_jsonb(c), c.xmin::text from odds_changes c order by 1, 2`);
}

describe('three books that stop after some 60 % of their events', { timeout: 2 * patience }, () => {
  it('are asked for the rest by a retry, each for exactly what is missing', async () => {
    bot.type('/scrape now');
    await ended(1, 'partial');
    const missing = await rows(sql`
      select j.platform, w.key from work_items w join jobs j on j.id = w.job_id
      where j.run_id = 1 and w.status = 'pending'`);
    setMoods('ok');
    bot.type('/scrape retry 1');
    await ended(2, 'completed');
    for (const id of ids) {
      const asked = sites.sites[id].requests.map(({ itemKey }) => itemKey);
      const wanted = missing.flatMap(({ platform, key }) => (platform === id ? [key] : []));
      expect(wanted).toHaveLength(17);
      expect(asked).toHaveLength(17);
      expect(new Set(asked)).toEqual(new Set(wanted));
    }
  });

  it('land on one row for each match, with three prices side by side', async () => {
    const books = await rows(sql`
      select books, count(*)::int as events
      from (select count(*)::int as books from book_events group by event_id) e group by 1`);
    expect(books).toEqual([{ books: 3, events: 48 }]);
    const home = await rows(sql`
      select count(*)::int as events, bool_and(greatest(sportybet, bet9ja, betpawa) / least(sportybet, bet9ja, betpawa) < 1.1) as agree
      from matched_odds where market = '1x2' and period = 'ft' and outcome = 'home' and books = 3`);
    expect(home).toEqual([{ events: 48, agree: true }]);
    expect(await rows(sql`select * from event_warnings`)).toEqual([]);
  });

  it('say the same once more, and not a single price is written', async () => {
    const before = await prices();
    setMoods('ok');
    bot.type('/scrape now');
    await ended(3, 'completed');
    const after = await prices();
    expect(after.filter((row, at) => JSON.stringify(row) !== JSON.stringify(before[at])).slice(0, 3)).toEqual([]);
    expect(after).toHaveLength(before.length);
  });

  it('keep what was stored when a field of their answers is renamed, and name the field', async () => {
    const before = await prices();
    setMoods('drifted');
    bot.type('/scrape now');
    await ended(4, 'failed');
    expect(await prices()).toEqual(before);
    const steps = await rows(sql`
      select j.platform, s.error_kind as kind, s.error_message as message
      from steps s join jobs j on j.id = s.job_id where j.run_id = 4 and s.name = 'extract' order by 1`);
    expect(steps).toEqual([
      { platform: 'bet9ja', kind: 'drifted', message: 'D.O is missing in 48 of 48 events' },
      {
        platform: 'betpawa',
        kind: 'drifted',
        message: 'markets[].row[].prices[].odds is missing in 48 of 48 events',
      },
      {
        platform: 'sportybet',
        kind: 'drifted',
        message: 'data.markets[].outcomes[].odds is missing in 48 of 48 events',
      },
    ]);
  });

  it('show what they left out in the numbers of their steps', async () => {
    const counts = await rows(sql`
      select j.platform, (s.metadata ->> 'unknownMarket')::int > 0 as unknown, (s.metadata ->> 'prices')::int > 1000 as prices
      from steps s join jobs j on j.id = s.job_id where j.run_id = 3 and s.name = 'extract' order by 1`);
    expect(counts).toEqual(
      ['bet9ja', 'betpawa', 'sportybet'].map((platform) => ({ platform, unknown: true, prices: true })),
    );
  });
});
