/** What somebody who runs a bot reads of it: its log lines and its numbers, from a whole process that scrapes. */
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDemoSites, type DemoSites } from '../demo-sites/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { startProcess, type HouseProcess } from '../helpers/house-process.ts';

const { url } = await testDatabase();
const root = fileURLToPath(new URL('../..', import.meta.url));
let sites: DemoSites;
let dataDir: string;
let bot: HouseProcess;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rescrape-operators-'));
  sites = await startDemoSites({ latencyMs: 0, moods: { sportybet: 'down', bet9ja: 'breaks', betpawa: 'stalls' } });
  const settings = join(dataDir, 'settings.mjs');
  const books = ['sportybet', 'bet9ja', 'betpawa'];
  await writeFile(settings, `export default ${JSON.stringify({ platforms: books, retry: { baseSeconds: 0.1 } })};`);
  bot = startProcess('bot/main.ts', ['--json'], {
    DATABASE_URL: url,
    DATA_DIR: dataDir,
    CONFIG_FILE: settings,
    LOG_LEVEL: 'debug',
    BRINGATRAILER_PROXY: 'http://somebody:canary-proxy@127.0.0.1:9',
    ...sites.env,
  });
});
afterAll(async () => {
  await bot[Symbol.asyncDispose]();
  await sites[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
});

/** What Prometheus would read now. */
async function scraped(): Promise<string> {
  const address = /http:\/\/127\.0\.0\.1:\d+/.exec(bot.now(1, 'card')?.text ?? '')?.[0];
  return (await fetch(`${address}/metrics`)).text();
}

/** The names in a text that are metrics of ours or of every process. */
function named(text: string, pattern: RegExp): Set<string> {
  return new Set([...text.matchAll(pattern)].map(([, name = '']) => name));
}

describe('the numbers of a bot that scrapes', () => {
  it('have the names that the documentation gives them, no others and none less', async () => {
    bot.type('/scrape now');
    await bot.until((said) => said.slot === 'card' && /31 of 48 events/.test(said.text));
    const table = readFileSync(join(root, 'docs', 'operations.md'), 'utf8').match(/^\| `(rescrape|process)_.*$/gm);
    const documented = named(table?.join('\n') ?? '', /`((?:rescrape|process)_[a-z_]+)(?:\{[a-z,]+\})?`/g);
    expect(named(await scraped(), /^# TYPE (\w+) /gm)).toEqual(documented);
  });

  it('tell of the run while it is under way, and of its end', async () => {
    await expect.poll(scraped).toMatch(/^rescrape_unfinished_jobs\{status="running"\} [12]$/m);
    sites.sites.betpawa.setMood('ok');
    await expect.poll(scraped).toContain('rescrape_runs_total{status="partial"} 1');
    const text = await scraped();
    for (const line of [
      'rescrape_jobs_total{platform="betpawa",status="completed"} 1',
      'rescrape_jobs_total{platform="bet9ja",status="partial"} 1',
      'rescrape_attempts_total{platform="sportybet"} 3',
      'rescrape_speaks 1',
      'rescrape_clock_ahead_seconds 0',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });
});

describe('the log of a bot that scrapes', () => {
  /** Every text between quotes in the sources: a message that is put together is none of them. */
  const sources = globSync(['bot/**/*.ts', 'db/**/*.ts', 'scraper/**/*.ts'], { cwd: root }).map((file) =>
    readFileSync(join(root, file), 'utf8'),
  );

  it('is a line of JSON each: a static message, data as fields, runId and jobId where a job is meant, and no secret', async () => {
    sites.sites.bet9ja.setMood('ok');
    bot.type('/scrape retry 1 bet9ja');
    await bot.until((said) => said.run === 2 && said.slot === 'card' && /Run 2 retried bet9ja/.test(said.text));
    bot.child.kill('SIGTERM');
    expect(await bot.exited()).toBe(0);
    const text = bot.errors();
    const lines = text.trimEnd().split('\n');
    const read = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const line of read) {
      expect(line).toMatchObject({ level: expect.any(String), time: expect.stringMatching(/Z$/), name: 'bot' });
      const message = String(line['msg']);
      expect(
        sources.some((source) => source.includes(`'${message}'`) || source.includes(`"${message}"`)),
        message,
      ).toBe(true);
      expect('jobId' in line || 'platform' in line, message).toBe('jobId' in line && 'runId' in line);
    }
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(4_096);
    const ended = read
      .filter((line) => line['msg'] === 'attempt ended')
      .map((line) => [line['runId'], line['platform'], line['attempt'], line['status'], line['failure']]);
    expect(ended).toEqual(
      expect.arrayContaining([
        [1, 'sportybet', 1, 'failed', 'unreachable'],
        [1, 'sportybet', 3, 'failed', 'unreachable'],
        [1, 'bet9ja', 1, 'partial', 'blocked'],
        [2, 'bet9ja', 1, 'completed', undefined],
      ]),
    );
    expect(text).not.toMatch(/canary/);
    expect(text).not.toContain(new URL(url).password);
  });
});
