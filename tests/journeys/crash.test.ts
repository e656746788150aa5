import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { startDemoSites, type DemoSites } from '../demo-sites/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { startProcess, type HouseProcess } from '../helpers/house-process.ts';

const { url, db } = await testDatabase();
let sites: DemoSites;
let dataDir: string;
let started: HouseProcess[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rescrape-crash-'));
  sites = await startDemoSites({ latencyMs: 40 });
});

afterAll(async () => {
  for (const one of started) await one[Symbol.asyncDispose]();
  await sites[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
});

function start(script: string, args: string[], env: Record<string, string> = {}): HouseProcess {
  const one = startProcess(script, args, { DATABASE_URL: url, DATA_DIR: dataDir, ...sites.env, ...env });
  started = [...started, one];
  return one;
}

async function rows(query: ReturnType<typeof sql>): Promise<Record<string, unknown>[]> {
  return [...(await db.execute(query))];
}

/** Everything that was stored, with the version of every row: unchanged if and only if nothing was written. */
async function stored(): Promise<unknown> {
  const events = await rows(sql`select b.*, b.xmin::text as version from book_events b order by id`);
  const odds = await rows(
    sql`select o.*, o.xmin::text as version from odds o order by book_event_id, market, period, line, outcome`,
  );
  return { events, odds };
}

describe('a process that is killed in the middle of a run', () => {
  it('is followed by one that ends the run: nothing lost, nothing doubled, the interruption visible', async () => {
    // It stops in the middle until we say so: on its own it may be over between two looks.
    sites.sites.sportybet.setMood('stalls');
    const first = start('bot/main.ts', ['--json']);
    first.type('/scrape now');
    await first.until((said) => said.slot === 'card' && /31 of 48 events/.test(said.text));
    await first.kill('SIGKILL');
    sites.sites.sportybet.setMood('ok');
    const open = await rows(sql`select status from runs`);
    expect(open).toEqual([{ status: 'running' }]);

    const second = start('bot/main.ts', ['--json']);
    await second.until((said) => said.slot === 'card' && /Run 1 is complete: all 3 platforms/.test(said.text));
    for (const id of ['sportybet', 'bet9ja', 'betpawa']) {
      await expect
        .poll(() => [...first.said, ...second.said].filter((said) => said.kind === 'post' && said.slot === `job:${id}`))
        .toHaveLength(1);
    }
    const posts = [...first.said, ...second.said].filter((said) => said.kind === 'post');
    expect(new Set(posts.map((said) => `${said.run}/${said.slot}`)).size).toBe(posts.length);

    expect(await rows(sql`select status, count(*)::int as n from runs group by 1`)).toEqual([
      { status: 'completed', n: 1 },
    ]);
    expect(await rows(sql`select platform, count(*)::int as n from book_events group by 1 order by 1`)).toEqual([
      { platform: 'bet9ja', n: 48 },
      { platform: 'betpawa', n: 48 },
      { platform: 'sportybet', n: 48 },
    ]);
    const interrupted = await rows(sql`select distinct error_kind from steps where status = 'failed'`);
    expect(interrupted).toEqual([{ error_kind: 'interrupted' }]);
    const open_steps = await rows(sql`select 1 from steps where finished_at is null`);
    expect(open_steps).toEqual([]);
  });

  it('is followed by runs that find the same answers and change not a single row', async () => {
    const before = await stored();
    const bot = start('bot/main.ts', ['--json']);
    bot.type('/scrape now');
    await expect.poll(() => rows(sql`select status from runs where id = 2`)).toEqual([{ status: 'completed' }]);
    expect(await stored()).toEqual(before);
    bot.child.kill('SIGTERM');
    expect(await bot.exited()).toBe(0);
  });
});

describe('workers of their own', () => {
  it('share the work of a bot that only talks, and ask for nothing twice', async () => {
    for (const one of started) await one.kill('SIGKILL');
    for (const site of Object.values(sites.sites)) site.clearRequests();
    const bot = start('bot/main.ts', ['--json'], { WORKER: 'off' });
    const workers = [start('bot/worker.ts', []), start('bot/worker.ts', [])];
    bot.type('/scrape now');
    await bot.until((said) => said.run === 3 && said.slot === 'card' && /Run 3 is complete/.test(said.text));
    for (const id of ['sportybet', 'bet9ja', 'betpawa'] as const) {
      const site = sites.sites[id];
      const asked = site.requests.flatMap((request) => request.itemKey ?? []);
      expect([asked.length, new Set(asked).size]).toEqual([48, 48]);
    }
    for (const worker of workers) {
      worker.child.kill('SIGTERM');
      expect(await worker.exited()).toBe(0);
    }
  });

  it('that are told to stop in the middle give their jobs back, and the next one continues where they were', async () => {
    for (const one of started) await one.kill('SIGKILL');
    for (const site of Object.values(sites.sites)) site.clearRequests();
    sites.sites.bet9ja.setMood('stalls');
    const bot = start('bot/main.ts', ['--json']);
    bot.type('/scrape now bet9ja');
    await bot.until((said) => said.run === 4 && /31 of 48 events/.test(said.text));
    bot.child.kill('SIGTERM');
    expect(await bot.exited()).toBe(0);
    sites.sites.bet9ja.setMood('ok');
    const next = start('bot/main.ts', ['--json']);
    await next.until((said) => said.run === 4 && said.slot === 'card' && /Run 4 is complete/.test(said.text));
    const asked = sites.sites.bet9ja.requests.flatMap((request) => request.itemKey ?? []);
    expect(new Set(asked).size).toBe(48);
    expect(asked.length).toBeLessThan(60);
  });
});
