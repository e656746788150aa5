import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDemoSites, type DemoSites } from '../demo-sites/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { startProcess, type HouseProcess } from '../helpers/house-process.ts';

const { url } = await testDatabase();
let sites: DemoSites;
let dataDir: string;
let bot: HouseProcess;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rescrape-journey-'));
  sites = await startDemoSites({ latencyMs: 0 });
  const configFile = join(dataDir, 'rescrape.config.ts');
  await writeFile(configFile, 'export default { retry: { attempts: 8, capSeconds: 5 } };');
  const env = { DATABASE_URL: url, DATA_DIR: dataDir, CONFIG_FILE: configFile, ...sites.env };
  bot = startProcess('bot/main.ts', ['--json'], env);
});

afterAll(async () => {
  await bot[Symbol.asyncDispose]();
  await sites[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
});

it('two sites that cannot be reached are told as one trouble; one of them is asked first, and the other follows by itself', async () => {
  const { sportybet, bet9ja } = sites.sites;
  sportybet.setMood('down');
  bet9ja.setMood('down');
  bot.type('/scrape now sportybet bet9ja betpawa');
  const told = await bot.until((said) => said.run === 1 && said.slot === 'cause:1');
  expect(told.text).toMatch(/(?:sportybet and bet9ja|bet9ja and sportybet) cannot be reached/);
  expect(told.text).toContain('that is most likely our network or proxy, not the sites');
  await bot.until((said) => said.slot === 'cause:1' && /Tried first: sportybet.* bet9ja waits for it/.test(said.text));
  bet9ja.clearRequests();
  bet9ja.setMood('ok');
  sportybet.clearRequests();
  sportybet.setMood('ok');
  await bot.until((said) => said.slot === 'cause:1' && /could not be reached until .* \(run 1\)/.test(said.text));
  await bot.until((said) => said.run === 1 && said.slot === 'card' && said.text.includes('Run 1 is complete'));
  const first = (site: typeof bet9ja) => site.requests[0]?.at.getTime() ?? Number.NaN;
  expect(first(bet9ja)).toBeGreaterThan(first(sportybet));
  // Nobody was told twice, and nobody had to press anything.
  expect(bot.said.filter((said) => said.slot?.startsWith('job:') && /broke/.test(said.text))).toEqual([]);
});
