/** More than usual at once, with real processes: what waits is worked off, in order, and no site is asked faster for it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { startDemoSites } from '../demo-sites/index.ts';
import { openChatHouse } from '../helpers/chat-house.ts';
import { scratchDatabase, testDatabase } from '../helpers/database.ts';
import { anIntent, openHouse } from '../helpers/house.ts';
import { startProcess } from '../helpers/house-process.ts';

const { url, db } = await testDatabase();

const RUNS = 300;
const GAP_MS = 12;

it('three hundred runs that waited for a worker are all run, in their order, at the pace of the site', async () => {
  await using opened = new AsyncDisposableStack();
  const house = opened.use(await openHouse(url));
  const dataDir = await mkdtemp(join(tmpdir(), 'rescrape-load-'));
  opened.defer(() => rm(dataDir, { recursive: true, force: true, maxRetries: 20 }));
  const configFile = join(dataDir, 'settings.mjs');
  await writeFile(configFile, `export default { pace: { bet9ja: { gapMs: ${GAP_MS}, concurrency: 2 } } };`);
  const sites = opened.use(await startDemoSites({ latencyMs: 0, matches: 2 }));
  for (let run = 0; run < RUNS; run += 1) await house.runs.start(anIntent(), ['bet9ja']);
  const env = { DATABASE_URL: url, DATA_DIR: dataDir, CONFIG_FILE: configFile, ...sites.env };
  for (let worker = 0; worker < 2; worker += 1) opened.use(startProcess('bot/worker.ts', [], env));

  const left = async () =>
    Number((await db.execute(sql`select count(*)::int as n from runs where finished_at is null`))[0]?.['n']);
  await expect.poll(left, { timeout: 400_000, interval: 500 }).toBe(0);
  const rows = await db.execute<{ run: number; end: string }>(sql`
    select run_id as run, concat_ws(' ', status, attempt, items_done) as end from jobs order by started_at`);
  expect(rows.map(({ run }) => run)).toEqual(Array.from({ length: RUNS }, (_, index) => index + 1));
  expect(new Set(rows.map(({ end }) => end))).toEqual(new Set(['completed 1 2']));
  const times = sites.sites.bet9ja.requests.map(({ at }) => at.getTime());
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  expect(times.length).toBeGreaterThanOrEqual(3 * RUNS);
  expect(last - first).toBeGreaterThan(0.95 * GAP_MS * (times.length - 1));
}, 420_000);

it('a hundred presses a second for ten seconds, while runs work: what was taken is written down, once, and answered', async () => {
  await using scratch = await scratchDatabase();
  await using house = await openChatHouse(scratch.url, { bet9ja: 'breaks' });
  house.startBot();
  await house.up();
  const { slack } = house;
  await slack.person.command('now bet9ja');
  await vi.waitUntil(() => house.onSlack().join('\n').includes('bet9ja broke in extract'), { timeout: 60_000 });
  const { ts, blocks } = slack.saying('bet9ja broke in extract');
  const shown = structuredClone(blocks);
  house.sites.sites.bet9ja.setMood('slow');
  await slack.person.command('now sportybet betpawa');

  const presses: ReturnType<typeof slack.person.press>[] = [];
  const began = performance.now();
  for (let press = 0; press < 1_000; press += 1) {
    await sleep(Math.max(0, began + 10 * press - performance.now()));
    presses.push(slack.person.press(ts, 'v1:retry:1:bet9ja', { shown }));
  }
  const taken = (await Promise.all(presses)).filter(({ acked }) => acked);
  // How fast they are is for the bench to say; a machine that is busy takes fewer.
  expect(taken.length).toBeGreaterThan(0);
  const { db: chat } = scratch.database;
  const written = async () => [
    ...(await chat.execute<{ outcome: string }>(sql`select outcome from actions where name = 'retry'`)),
  ];
  const refused = () => slack.state.privately.filter(({ seen }) => /too slow right now/.test(seen)).length;
  // Whom the answer did not reach in time is told that it follows, and then it does.
  await expect
    .poll(async () => (await written()).length + refused(), { timeout: 60_000 })
    .toBeGreaterThanOrEqual(taken.length);
  await expect.poll(() => slack.state.privately.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(taken.length);
  const outcomes = (await written()).map(({ outcome }) => outcome);
  expect(outcomes.filter((outcome) => outcome === 'started')).toHaveLength(1);
}, 240_000);
