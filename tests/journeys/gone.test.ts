import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { startDemoSites, type DemoSites } from '../demo-sites/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { startProcess, type HouseProcess } from '../helpers/house-process.ts';
import { tcpProxy } from '../helpers/tcp-proxy.ts';

const { url, db } = await testDatabase();
const root = fileURLToPath(new URL('../..', import.meta.url));
let sites: DemoSites;
let dataDir: string;
let started: HouseProcess[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rescrape-gone-'));
  sites = await startDemoSites({ latencyMs: 30 });
});
afterAll(async () => {
  for (const one of started) await one[Symbol.asyncDispose]();
  await sites[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
});

function start(args: string[], databaseUrl = url): HouseProcess {
  const one = startProcess('bot/main.ts', args, { DATABASE_URL: databaseUrl, DATA_DIR: dataDir, ...sites.env });
  started = [...started, one];
  return one;
}

async function statusOf(run: number): Promise<unknown> {
  const rows = await db.execute(sql`select status from runs where id = ${run}`);
  return rows[0]?.['status'];
}

describe('a bot whose surroundings go away', () => {
  it('goes on with the run when nobody reads its output any more, and ends well', async () => {
    const bot = spawn(process.execPath, ['bot/main.ts', '--json', '--exit-when-idle'], {
      cwd: root,
      env: {
        PATH: process.env['PATH'],
        PORT: '0',
        LOG_LEVEL: 'error',
        DATABASE_URL: url,
        DATA_DIR: dataDir,
        ...sites.env,
      },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    bot.stdin.end('/scrape now bet9ja\n');
    await once(bot.stdout, 'data');
    bot.stdout.destroy();
    const [code] = await once(bot, 'exit');
    expect(code).toBe(0);
    expect(await statusOf(1)).toBe('completed');
  });

  it('waits out a database that is away while somebody waits for the run, and finishes it', async () => {
    await using proxy = await tcpProxy(url);
    // It stops in the middle until we say so: on its own it may be over between two looks.
    sites.sites.bet9ja.setMood('stalls');
    const bot = start(['--json'], proxy.url);
    bot.type('/scrape now bet9ja');
    bot.type('wait');
    await bot.until((said) => said.run === 2 && /[1-9]\d? of 48 events/.test(said.text));
    proxy.refuse(true);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    proxy.refuse(false);
    sites.sites.bet9ja.setMood('ok');
    await bot.until((said) => said.run === 2 && said.slot === 'card' && /Run 2 is complete/.test(said.text));
    bot.child.kill('SIGTERM');
    expect(await bot.exited()).toBe(0);
  });

  it('goes on when it is told of a hang-up without a terminal, and gives its jobs back when it is told to end', async () => {
    sites.sites.bet9ja.setMood('stalls');
    const bot = start(['--json']);
    bot.type('/scrape now bet9ja');
    await bot.until((said) => said.run === 3 && /[1-9]\d? of 48 events/.test(said.text));
    bot.child.kill('SIGHUP');
    bot.type('/scrape now sportybet');
    await bot.until((said) => said.run === 4 && said.slot === 'card' && /Run 4 is complete/.test(said.text));
    bot.child.kill('SIGTERM');
    expect(await bot.exited()).toBe(0);
    expect(await db.execute(sql`select 1 from jobs where status = 'running'`)).toHaveLength(0);
  });
});
