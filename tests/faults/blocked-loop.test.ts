/** A process whose main loop stands still, made so from outside: a module that is loaded before it blocks it when told to. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { startDemoSites } from '../demo-sites/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { startProcess } from '../helpers/house-process.ts';

const { url, db } = await testDatabase();

/** Longer than a lease lasts without a beat, milliseconds. */
const BLOCKED_MS = 18_000;
const blocks = `process.on('SIGUSR2', () => { for (const end = Date.now() + ${BLOCKED_MS}; Date.now() < end; ); });`;
const patience = { timeout: 60_000 };

const jobs = async () => [
  ...(await db.execute(sql`select platform, status, attempt, lease::int, crashes from jobs order by id`)),
];

it('P7 a bot whose loop stands still keeps its job, is late with its answers, does nothing twice, and says so', async () => {
  await using opened = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'rescrape-blocked-'));
  opened.defer(() => rm(dataDir, { recursive: true, force: true, maxRetries: 20 }));
  const sites = opened.use(await startDemoSites({ latencyMs: 0, moods: { bet9ja: 'stalls' } }));
  const env = { DATABASE_URL: url, DATA_DIR: dataDir, ...sites.env };
  const bot = opened.use(
    startProcess('bot/main.ts', [], {
      ...env,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(blocks)}`,
    }),
  );
  await expect.poll(bot.output, patience).toMatch(/http:\/\/127\.0\.0\.1:\d+/);
  const address = /http:\/\/127\.0\.0\.1:\d+/.exec(bot.output())?.[0] ?? '';
  bot.type('/scrape now bet9ja');
  const held = { platform: 'bet9ja', status: 'running', attempt: 1, lease: 1, crashes: 0 };
  await expect.poll(jobs, patience).toEqual([held]);
  const stored = sql`select count(*)::int as n from work_items where status = 'done'`;
  await expect.poll(async () => Number((await db.execute(stored))[0]?.['n']), patience).toBeGreaterThan(0);
  const other = opened.use(startProcess('bot/worker.ts', [], env));

  bot.child.kill('SIGUSR2');
  // Somebody who hears nothing asks again.
  for (let times = 0; times < 3; times += 1) bot.type('/scrape cancel 1');
  await expect.poll(bot.errors, patience).toContain('this process stood still');
  expect(await (await fetch(`${address}/readyz`)).json()).toMatchObject({
    ready: true,
    checks: { process: expect.stringMatching(/^stood still for 1\d s within the last minute$/) as string },
  });
  // Nobody took it for dead, and it is cancelled once.
  await expect.poll(jobs, patience).toEqual([{ ...held, status: 'cancelled' }]);
  const asked = async () =>
    (await db.execute(sql`select outcome from actions where name = 'cancel' order by id`)).length;
  await expect.poll(asked, patience).toBe(3);
  const done = await db.execute(sql`select 1 from actions where name = 'cancel' and outcome = 'done'`);
  expect(done).toHaveLength(1);
  expect(other.child.exitCode).toBeNull();
}, 240_000);
