import { mkdtemp, readFile, rm } from 'node:fs/promises';
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
let bot: HouseProcess;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rescrape-journey-'));
  sites = await startDemoSites({ latencyMs: 0 });
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

const prices = () => rows(sql`select * from odds order by book_event_id, market, period, line, outcome`);
const card = (run: number, words: RegExp) =>
  bot.until((said) => said.run === run && said.slot === 'card' && words.test(said.text));

describe('a scrape that runs and is wrong', () => {
  it('has something to be compared with, after one that was right', async () => {
    bot.type('/scrape now bet9ja');
    await card(1, /Run 1 is complete/);
  });

  it('a field that the site renamed: the platform fails by its name, and the former prices stay as they were', async () => {
    const before = await prices();
    expect(before.length).toBeGreaterThan(100);
    sites.sites.bet9ja.setMood('drifted');
    bot.type('/scrape now bet9ja');
    await card(2, /Run 2 failed: 0\/1 platform complete/);
    const post = await bot.until((said) => said.run === 2 && said.slot === 'job:bet9ja');
    expect(post.text).toContain('bet9ja broke in extract: it changed its answers');
    expect(post.text).toMatch(/“\S+ is missing in 48 of 48 events”/);
    expect(await prices()).toEqual(before);
  });

  it('far fewer events than usual: not complete, with the numbers, and two buttons', async () => {
    sites.sites.bet9ja.setMood('few');
    bot.type('/scrape now bet9ja');
    await card(3, /Run 3 is partly done: 0\/1 platform complete/);
    const post = await bot.until((said) => said.run === 3 && said.slot === 'job:bet9ja');
    expect(post.text).toContain('bet9ja delivered far less than usual');
    expect(post.text).toContain('10 events found, usual are 48 (the last good run)');
    expect(post.buttons.map((button) => button.id)).toEqual([
      'v1:retry:3:bet9ja',
      'v1:accept:3:bet9ja',
      'v1:mute:3:bet9ja',
    ]);
  });

  it('is taken as it is by a person who says why: the card is green, and what is usual has moved', async () => {
    bot.type('press v1:accept:3:bet9ja');
    await bot.until((said) => said.kind === 'reply' && /Type \/scrape accept 3 bet9ja because/.test(said.text));
    bot.type('/scrape accept 3 bet9ja because of the <!channel> break');
    const told = await card(3, /Run 3: 1\/1 platform complete, bet9ja accepted as it is/);
    expect(told.text).toMatch(/^✓/);
    await bot.until((said) => said.slot === 'job:bet9ja' && /Accepted by .+: because of the/.test(said.text));
    bot.type('/scrape accept 3 bet9ja because again');
    await bot.until((said) => said.kind === 'reply' && /was already accepted by/.test(said.text));
    expect(await rows(sql`select status from runs where id = 3`)).toEqual([{ status: 'partial' }]);
    // The median of 48 and 10 is 29: fewer than 15 would be doubted, 10 once more is.
    bot.type('/scrape now bet9ja');
    const post = await bot.until((said) => said.run === 4 && said.slot === 'job:bet9ja');
    expect(post.text).toContain('usual are 29 (the median of the last 2 good runs)');
  });

  it('is exported into its thread, as a file on disk for whoever sits at the console', async () => {
    bot.type('/scrape export 3 bet9ja');
    await bot.until((said) => said.kind === 'reply' && /On its way into the thread of run 3/.test(said.text));
    const post = await bot.until((said) => said.run === 3 && said.slot === 'file:1');
    const path = /The file is (\S+)/.exec(post.text)?.[1] ?? '';
    expect(path).toBe(join(dataDir, 'exports', 'run-3-bet9ja-odds-1.csv'));
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\r\n');
    expect(new Set(lines.slice(1).map((line) => line.split(',')[4])).size).toBe(10);
    bot.type('/scrape missing 2');
    await bot.until((said) => said.kind === 'reply' && /48 items are missing in run 2/.test(said.text));
    const missing = await bot.until((said) => said.run === 2 && said.slot === 'file:2');
    expect(missing.text).toContain('asked what is missing of bet9ja in run 2: 48 items');
  });

  it('looks again on a retry, keeps what it has, and asks for the rest only', async () => {
    sites.sites.bet9ja.setMood('ok');
    sites.sites.bet9ja.clearRequests();
    bot.type('/scrape retry 4');
    await card(4, /Run 4: 1\/1 platform complete after 1 retry \(4 → 5\)/);
    expect(sites.sites.bet9ja.requests.filter((request) => request.itemKey !== undefined)).toHaveLength(38);
  });
});
