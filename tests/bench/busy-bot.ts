/** A bot as people run it, for the bench: a process of its own on a database of its own, and books in another process. */
import { startProcess, type HouseProcess } from '../helpers/house-process.ts';
import type { DemoOptions } from '../demo-sites/index.ts';
import { startBooks, type Books } from './sites/start.ts';
import { folder, newDatabase } from './world.ts';

/** Longest wait for anything to come about, milliseconds. */
const PATIENCE_MS = 300_000;

/** A running bot. */
export interface BenchBot extends AsyncDisposable {
  bot: HouseProcess;
  books: Books;
  /** Where its database is. */
  url: string;
}

/** Starts books, database and bot; `env` sets the surfaces up. */
export async function startBenchBot(sites: DemoOptions, env: Record<string, string> = {}): Promise<BenchBot> {
  await using started = new AsyncDisposableStack();
  const books = started.use(await startBooks(sites));
  const url = await newDatabase();
  const bot = started.use(
    startProcess('bot/main.ts', ['--json'], { DATABASE_URL: url, DATA_DIR: await folder(), ...books.env, ...env }),
  );
  const all = started.move();
  return { bot, books, url, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** A bot whose run 1 is over: bet9ja broke in it. */
export interface BusyBot extends BenchBot {
  /** Starts a run of two books with 1,300 events each, scraped as fast as their pace lets it: half a minute of work. */
  work(): Promise<void>;
}

/** Starts it; resolves when run 1 is told. */
export async function startBusyBot(env: Record<string, string>): Promise<BusyBot> {
  const house = await startBenchBot({ latencyMs: 0, matches: 1_300, moods: { bet9ja: 'breaks' } }, env);
  const { bot } = house;
  bot.type('/scrape now bet9ja');
  await found(() => bot.said.find((said) => said.slot === 'card' && said.text.includes('Run 1 is partly done')));
  return {
    ...house,
    async work() {
      bot.type('/scrape now sportybet betpawa');
      await found(() => bot.said.find(({ text }) => text.includes('is running') && text.includes('sportybet')));
    },
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
