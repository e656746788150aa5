/** How soon it is there, what loading it costs, and how much memory it has when there is nothing to do. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { found, startBenchBot } from '../busy-bot.ts';
import { outputOf } from '../children.ts';
import { figure, times, type Line, type Way } from '../line.ts';
import { folder } from '../world.ts';
import { startProcess } from '../../helpers/house-process.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const ms = 'ms';

/** Starts a bot with its own database, and ends it again when it says where its page is. */
async function startedIn(dataDir: string): Promise<number> {
  const began = performance.now();
  await using bot = startProcess('bot/main.ts', [], { DATA_DIR: dataDir, LOG_LEVEL: 'error' });
  await found(() => (bot.output().includes('Status page: ') ? true : undefined));
  const took = performance.now() - began;
  await bot.kill('SIGTERM');
  return took;
}

export const coldStart: Line = {
  title: 'From npm start to ready',
  note: 'The bundled database included: made on the first start, started on later ones.',
  plain: true,
  ways: [
    { name: 'first start, on an empty folder', measure: async () => ({ [ms]: await startedIn(await folder()) }) },
    {
      name: 'later start',
      async measure() {
        const dataDir = await folder();
        await startedIn(dataDir);
        return { [ms]: await startedIn(dataDir) };
      },
    },
  ],
  goals: [
    {
      what: 'First start on an empty folder',
      unit: 'ms',
      most: 3_000,
      of: (round) => figure(round, 'first start, on an empty folder', ms),
    },
    { what: 'Later start', unit: 'ms', most: 1_500, of: (round) => figure(round, 'later start', ms) },
  ],
};

/** Each loaded in a fresh process; what Node.js itself takes is in all of them. */
function loading(name: string, modules: readonly string[], before = ''): Way {
  const imports = before + modules.map((module) => `await import(${JSON.stringify(module)});`).join(' ');
  return {
    name,
    async measure() {
      const began = performance.now();
      const said = await outputOf(
        ['--input-type=module', '-e', `${imports} console.log(process.memoryUsage().rss / 2 ** 20); process.exit(0)`],
        root,
      );
      return { [ms]: performance.now() - began, MB: Number(said) };
    },
  };
}

const everything = [
  '@slack/bolt',
  'discord.js',
  'got-scraping',
  'cheerio',
  'drizzle-orm',
  'drizzle-orm/pg-core',
  'drizzle-orm/postgres-js',
  'postgres',
  'pg-boss',
  'zod',
];
/** Everything that a bot has loaded when it says where its page is. */
const ours = ['./bot/load-settings.ts', './bot/run-process.ts', './bot/await-database.ts', './bot/bot.ts'];
/** As `npm start` begins: what was compiled once is kept. */
const compiled = "(await import('./bot/compiled.ts')).keepCompiled(); ";
const bot = 'the bot, console only';
const published = 'what it is built on, imported as published';

export const loadingModules: Line = {
  title: 'Loading the modules of a process',
  note: 'Ours as by the second start, with what was compiled at the first. Slack and Discord are loaded when they are set up, got-scraping with the first scrape.',
  ways: [
    loading(bot, ours, compiled),
    loading('the bot with Slack', [...ours, './bot/slack/surface.ts'], compiled),
    loading('the bot with Discord', [...ours, './bot/discord/surface.ts'], compiled),
    loading('the bot at its first scrape', [...ours, './scraper/browser.ts'], compiled),
    loading('the bot, console only, nothing compiled before', ours),
    loading(published, everything),
    loading('bare Node.js', []),
  ],
  goals: [
    {
      what: 'Loading the bot',
      unit: '× importing everything as published',
      most: 0.3,
      of: (round) => times(round, ms, bot, published),
    },
  ],
};

const idle = 'idle, a minute after its first run';

/** Memory in use, of a bot with its worker in one process. */
async function memoryAfter(runs: number, restMs: number): Promise<number> {
  await using house = await startBenchBot({ latencyMs: 0, matches: 48 });
  for (let run = 1; run <= runs; run += 1) {
    house.bot.type('/scrape now sportybet bet9ja betpawa');
    await found(() =>
      house.bot.said.find((said) => said.slot === 'card' && said.text.includes(`Run ${run} is complete`)),
    );
  }
  await sleep(restMs);
  const status = await readFile(`/proc/${house.bot.child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024;
}

export const idleMemory: Line = {
  title: 'Memory of a bot and its worker in one process',
  plain: true,
  ways: [{ name: idle, measure: async () => ({ MB: await memoryAfter(1, 60_000) }) }],
  goals: [{ what: 'Idle memory, bot and worker', unit: 'MB', most: 200, of: (round) => figure(round, idle, 'MB') }],
};

export const memoryOfManyRuns: Line = {
  title: 'Memory of a bot and its worker after 1,000 runs of three books',
  plain: true,
  long: true,
  ways: [{ name: 'after 1,000 runs', measure: async () => ({ MB: await memoryAfter(1_000, 60_000) }) }],
  goals: [],
};
