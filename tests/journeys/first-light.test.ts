import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { startDemoSites, type DemoSiteId, type DemoSites } from '../demo-sites/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { startProcess, type HouseProcess } from '../helpers/house-process.ts';

const { url, db } = await testDatabase();
const ids: DemoSiteId[] = ['sportybet', 'bet9ja', 'betpawa'];
let sites: DemoSites;
let dataDir: string;
let bot: HouseProcess;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rescrape-journey-'));
  sites = await startDemoSites({ latencyMs: 0, moods: { bet9ja: 'breaks' } });
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

/** Event ids a site was asked for, one entry per request. */
function asked(id: DemoSiteId): string[] {
  return sites.sites[id].requests.flatMap((request) => request.itemKey ?? []);
}

describe('the first light: a run breaks in the middle, and one press redoes just that', () => {
  it('tells the run on one card, edited in place to its final state', async () => {
    bot.type('/scrape now');
    const final = await bot.until((said) => said.run === 1 && said.slot === 'card' && /partly done/.test(said.text));
    expect(final.kind).toBe('edit');
    expect(final.text).toContain('Run 1 is partly done: 2/3 platforms complete');
    expect(final.text).toMatch(/bet9ja +blocked us · 31 of 48 events/);
    expect(bot.said.filter((said) => said.kind === 'post' && said.slot === 'card')).toHaveLength(1);
  });

  it('tells under it what each platform delivered and what broke, with the button that fixes it', async () => {
    const broken = await bot.until((said) => said.slot === 'job:bet9ja');
    expect(broken.text).toContain('bet9ja broke in extract: it blocked us');
    expect(broken.text).toContain('31 of 48 events are stored, 17 missing');
    expect(broken.text).toContain('it did not answer properly');
    expect(broken.buttons[0]).toEqual({
      id: 'v1:retry:1:bet9ja',
      label: 'Retry bet9ja (1/3): from extract, 31 of 48 events kept',
      disabled: false,
    });
    expect(broken.buttons.map((button) => button.id)).toEqual(['v1:retry:1:bet9ja', 'v1:mute:1:bet9ja']);
    for (const id of ['sportybet', 'betpawa']) {
      const delivered = await bot.until((said) => said.slot === `job:${id}`);
      expect(delivered.text).toContain(`${id} delivered 48 events`);
    }
  });

  it('keeps work items that add up, and the failures', async () => {
    const items = await rows(sql`
      select w.status, count(*)::int as n from work_items w join jobs j on j.id = w.job_id
      where j.run_id = 1 and j.platform = 'bet9ja' group by 1 order by 1`);
    expect(items).toEqual([
      { status: 'done', n: 31 },
      { status: 'pending', n: 17 },
    ]);
    const kinds = await rows(sql`
      select distinct f.kind from failures f join jobs j on j.id = f.job_id where j.run_id = 1 order by 1`);
    expect(kinds).toEqual([{ kind: 'blocked' }, { kind: 'unreachable' }]);
  });

  it('asks for exactly what is missing, and nobody else for anything, after one press', async () => {
    const before = await rows(sql`select r.*, j.* from runs r join jobs j on j.run_id = r.id order by j.id`);
    sites.sites.bet9ja.setMood('ok');
    for (const id of ids) sites.sites[id].clearRequests();
    bot.type('1');
    const card = await bot.until((said) => said.run === 1 && said.slot === 'card' && /after 1 retry/.test(said.text));
    expect(card.text).toContain('Run 1: 3/3 platforms complete after 1 retry (1 → 2)');
    expect(sites.sites.sportybet.requests).toEqual([]);
    expect(sites.sites.betpawa.requests).toEqual([]);
    expect(sites.sites.bet9ja.requests).toHaveLength(17);
    const missing = await rows(sql`
      select w.key from work_items w join jobs j on j.id = w.job_id where j.run_id = 1 and w.status = 'pending'`);
    expect(new Set(asked('bet9ja'))).toEqual(new Set(missing.map((row) => row['key'])));
    const run1 = await rows(
      sql`select r.*, j.* from runs r join jobs j on j.run_id = r.id where r.id = 1 order by j.id`,
    );
    expect(run1).toEqual(before);
    expect(await rows(sql`select status, trigger, retry_of, root_id from runs where id = 2`)).toEqual([
      { status: 'completed', trigger: 'retry:1', retry_of: 1, root_id: 1 },
    ]);
  });

  it('speaks of the retry in the same thread, and the button says what came of it', async () => {
    const told = await bot.until((said) => said.slot === 'job:bet9ja' && /Retried/.test(said.text));
    expect(told.buttons).toMatchObject([{ disabled: true }]);
    expect(told.text).toMatch(/Retried \(1\/3\) in run 2 by .+, from the console: complete/);
    await bot.until((said) => said.run === 2 && said.slot === 'card' && /Run 2 retried bet9ja/.test(said.text));
  });

  it('answers what cannot be done with a sentence of its own, and starts nothing', async () => {
    const asks: [string, RegExp][] = [
      ['/scrape retry 999', /There is no run 999/],
      ['/scrape retry 1 betking', /There is no platform "betking"/],
      ['/scrape retry 1', /Nothing failed in run 1/],
      ['/scrape retry 0', /named by its number/],
      ['/scrape now bet9aj', /Did you mean bet9ja\?/],
      ['/scrape rerty 1', /Did you mean \/scrape retry\?/],
      ['press v1:retry:1:bet9ja', /bet9ja did not fail: run 2 completed it/],
      ['press v9:explode', /no longer valid/],
      ['7', /There is no button 7 here/],
    ];
    for (const [typed, answer] of asks) {
      bot.type(typed);
      await bot.until((said) => said.kind === 'reply' && answer.test(said.text));
    }
    expect(await rows(sql`select count(*)::int as n from runs`)).toEqual([{ n: 2 }]);
  });

  it('shows both runs and the link between them on the status page', async () => {
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(bot.now(1, 'card')?.text ?? '')?.[0];
    expect(address).toBeDefined();
    await expect.poll(async () => (await fetch(`${address}/`)).text()).toContain('runs/2/');
    const run1 = await (await fetch(`${address}/runs/1/`)).text();
    expect(run1).toContain('runs/2/');
    expect(run1).toContain('bet9ja blocked us');
    expect((await (await fetch(`${address}/healthz`)).text()).trim()).toBe('ok');
  });

  it('shows at once on the page what is said about a platform, though no run changed', async () => {
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(bot.now(1, 'card')?.text ?? '')?.[0];
    bot.type('/scrape mute betpawa');
    await expect.poll(async () => (await fetch(`${address}/`)).text()).toContain('Muted since');
  });

  it('stops cleanly when it is told to', async () => {
    bot.child.kill('SIGTERM');
    expect(await bot.exited()).toBe(0);
    expect(bot.errors()).not.toMatch(/"level":"(warn|error)"/);
  });
});
