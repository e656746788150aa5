/** Workers on machines of their own, one of which vanishes: not as a process does, but without a word. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { startDemoSites, type DemoSites } from '../demo-sites/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { canMakeHosts, makeHosts, type Hosts } from '../helpers/hosts.ts';
import { startProcess, type HouseProcess } from '../helpers/house-process.ts';
import { openHouse } from '../helpers/house.ts';

const possible = await canMakeHosts();
const { url, db } = await testDatabase();
const house = await openHouse(url);
const opened = new AsyncDisposableStack();
let sites: DemoSites;
let hosts: Hosts;
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rescrape-hosts-'));
  sites = opened.use(await startDemoSites({ latencyMs: 0 }));
  if (possible) hosts = opened.use(await makeHosts(2));
});
afterAll(async () => {
  await opened.disposeAsync();
  await house[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
});

/** The same address, as the machines reach it. */
async function fromThere(address: string): Promise<string> {
  const there = new URL(address);
  there.port = String(await hosts.reach(Number(there.port)));
  there.hostname = hosts.address;
  return there.href;
}

async function workerOn(host: number): Promise<HouseProcess> {
  const reached = await Promise.all(
    Object.entries(sites.env).map(async ([name, address]) => [name, await fromThere(address)] as const),
  );
  const env = { ...Object.fromEntries(reached), DATABASE_URL: await fromThere(url), DATA_DIR: dataDir };
  return opened.use(startProcess('bot/worker.ts', [], { ...env, LOG_LEVEL: 'info' }, { through: hosts.on(host) }));
}

async function jobOf(run: number): Promise<Record<string, unknown> | undefined> {
  const rows = await db.execute(sql`
    select status, attempt, lease::int, items_done,
           (select count(*)::int from work_items where job_id = j.id and status = 'done') as stored
    from jobs j where run_id = ${run}`);
  return rows[0];
}

it.skipIf(!possible)(
  'P1 a machine that vanishes in the middle of a job is followed by another within 30 s; when it is back it has lost the job and takes the next',
  { timeout: 180_000 },
  async () => {
    sites.sites.bet9ja.setMood('stalls');
    await workerOn(0);
    const run = await house.scrape('bet9ja');
    await expect.poll(() => jobOf(run)).toMatchObject({ status: 'running', lease: 1 });
    await expect.poll(async () => Number((await jobOf(run))?.['stored'])).toBeGreaterThan(0);
    const other = await workerOn(1);
    await expect.poll(() => other.errors()).toContain('worker started');

    hosts.pull(0);
    const pulled = performance.now();
    sites.sites.bet9ja.setMood('ok');
    await expect.poll(() => jobOf(run)).toMatchObject({ lease: 2 });
    expect(performance.now() - pulled).toBeLessThan(35_000);
    await expect.poll(() => jobOf(run)).toMatchObject({ status: 'completed', items_done: 48, stored: 48 });
    const ended = await jobOf(run);

    hosts.plug(0);
    await other.kill('SIGTERM');
    const next = await house.scrape('bet9ja');
    await expect
      .poll(() => jobOf(next), { timeout: 90_000 })
      .toMatchObject({ status: 'completed', attempt: 1, stored: 48 });
    expect(await jobOf(run)).toEqual(ended);
    expect([...(await db.execute(sql`select count(*)::int as n from book_events`))]).toEqual([{ n: 48 }]);
  },
);
