/** A bot as people run it, for the bench: a process of its own on a Postgres of its own, with a run that works all the while. */
import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '#db/embedded.ts';
import { startDemoSites, type DemoSites } from '../demo-sites/index.ts';
import { startProcess, type HouseProcess } from '../helpers/house-process.ts';

/** Longest wait for anything to come about, milliseconds. */
const PATIENCE_MS = 180_000;

/** A running bot: run 1 is over and bet9ja broke in it; `work` starts a run that goes on for as long as it is measured. */
export interface BusyBot extends AsyncDisposable {
  bot: HouseProcess;
  sites: DemoSites;
  work(): Promise<void>;
}

/** Starts sites, database and bot; `env` sets the surfaces up. Resolves when run 1 is told. */
export async function startBusyBot(env: Record<string, string>): Promise<BusyBot> {
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'rescrape-bench-'));
  // Run by root, the server has a smaller account, which has to get in here.
  await chmod(folder, 0o755);
  started.defer(() => rm(folder, { recursive: true, force: true }));
  const server = await startEmbedded(folder, { info() {}, warn() {} });
  started.defer(() => server.release());
  const sites = started.use(await startDemoSites({ latencyMs: 0, moods: { bet9ja: 'breaks' } }));
  const bot = started.use(
    startProcess('bot/main.ts', ['--json'], { DATABASE_URL: server.url, DATA_DIR: folder, ...sites.env, ...env }),
  );
  bot.type('/scrape now sportybet bet9ja betpawa');
  await found(() => bot.said.find((said) => said.slot === 'card' && said.text.includes('Run 1 is partly done')));
  const all = started.move();
  return {
    bot,
    sites,
    async work() {
      for (const site of Object.values(sites.sites)) site.setMood('slow');
      bot.type('/scrape now sportybet betpawa');
      await found(() => bot.said.find((said) => said.run === 2 && said.text.includes('is running')));
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Waits until something is found. */
export async function found<T>(look: () => T | undefined): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const value = look();
    if (value !== undefined) return value;
    if (performance.now() > deadline) throw new Error(`nothing came about in ${PATIENCE_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Does something so often a second, whether or not the earlier ones are done, as people would; resolves with each one's duration. */
export async function atRate(perSecond: number, count: number, act: () => Promise<number>): Promise<number[]> {
  const began = performance.now();
  const under: Promise<number>[] = [];
  for (let index = 0; index < count; index += 1) {
    const due = began + (index * 1_000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const acting = act();
    // One that fails is heard of below, when all are done.
    acting.catch(() => {});
    under.push(acting);
  }
  return Promise.all(under);
}
