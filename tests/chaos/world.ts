/** Everything that chaos happens to: a Postgres of its own, Slack and Discord, sites, and processes that are started again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase, type Database } from '#db/client.ts';
import { startEmbedded } from '#db/embedded.ts';
import { migrate } from '#db/migrate.ts';
import { openChatHouse, type ChatHouse } from '../helpers/chat-house.ts';
import { startProcess, type HouseProcess } from '../helpers/house-process.ts';
import { createDatabase } from '../helpers/server.ts';
import { postmasterPid, serverFolder } from '../helpers/server-user.ts';
import { tcpProxy } from '../helpers/tcp-proxy.ts';

const BOTS = 2;
const WORKERS = 3;

/** One of the processes; another takes its place when it is killed. */
export interface Seat {
  role: 'bot' | 'worker';
  process: HouseProcess;
  /** Frozen by SIGSTOP. */
  frozen: boolean;
}

/** The world; disposing ends everything in it. */
export interface World extends AsyncDisposable {
  house: ChatHouse;
  /** Goes to the server directly: the judge's own line. */
  database: Database;
  seats: Seat[];
  /** Kills with SIGKILL, and starts another in its place. */
  kill(seat: Seat): Promise<void>;
  /** Ends the database as a crash does, with whatever was under way, and keeps it away for so long, milliseconds. */
  crashDatabase(awayMs: number): Promise<void>;
  /** Processes that ended without having been killed, with what they said. */
  diedByThemselves(): string[];
  /** What all processes have written to their logs. */
  logs(): string;
}

/** Builds it, with everything up. */
export async function openWorld(): Promise<World> {
  await using opened = new AsyncDisposableStack();
  const folder = opened.use(await serverFolder());
  const quiet = { info: () => {}, warn: () => {} };
  const server = opened.use(await startEmbedded(folder.path, quiet));
  const url = await createDatabase(server.url, 'chaos');
  await migrate(url);
  const database = opened.use(openDatabase(url, { max: 4, queryTimeoutMs: 30_000 }));
  const proxy = opened.use(await tcpProxy(url));
  const house = opened.use(
    await openChatHouse(
      proxy.url,
      {},
      // Whatever can go on does so at once; nobody is left alone, so that there is always something to do.
      { retry: { attempts: 2, baseSeconds: 0.2, capSeconds: 1 }, breaker: { failures: 0 } },
    ),
  );
  house.slack.state.processes = BOTS;
  house.discord.faults.processes = BOTS;
  const started: HouseProcess[] = [];
  const killed = new Set<HouseProcess>();

  const workers = opened.use(new AsyncDisposableStack());
  let closing = false;
  function start(role: Seat['role']): HouseProcess {
    const env = { DATABASE_URL: proxy.url, DATA_DIR: house.dataDir, CONFIG_FILE: house.configFile, ...house.sites.env };
    const one =
      role === 'bot' ? house.startBot({ WORKER: 'off' }) : workers.use(startProcess('bot/worker.ts', [], env));
    started.push(one);
    one.child.once('exit', () => {
      // As a service manager does for what could not start, because the database is away.
      if (killed.has(one)) return;
      setTimeout(() => {
        // Nobody, when it was killed meanwhile: then it has been followed already.
        const seat = seats.find((other) => other.process === one);
        if (!closing && seat !== undefined) seat.process = start(role);
      }, 500);
    });
    return one;
  }

  const roles = [...Array<'bot'>(BOTS).fill('bot'), ...Array<'worker'>(WORKERS).fill('worker')];
  const seats = roles.map((role): Seat => ({ role, process: start(role), frozen: false }));
  await house.up();
  const all = opened.move();
  return {
    house,
    database,
    seats,
    async kill(seat) {
      const { exitCode, signalCode } = seat.process.child;
      if (exitCode === null && signalCode === null) killed.add(seat.process);
      await seat.process.kill('SIGKILL');
      seat.frozen = false;
      seat.process = start(seat.role);
    },
    async crashDatabase(awayMs) {
      proxy.refuse(true);
      process.kill(await postmasterPid(folder.path), 'SIGQUIT');
      await sleep(awayMs);
      proxy.refuse(false);
    },
    diedByThemselves: () =>
      started
        .filter((one) => !killed.has(one) && (one.child.exitCode !== null || one.child.signalCode !== null))
        .filter((one) => !/could not start\. The database .* cannot be reached/.test(one.errors()))
        .map((one) => `${one.child.exitCode ?? one.child.signalCode}: ${one.errors().slice(-2_000)}`),
    logs: () => started.map((one) => one.errors()).join('\n'),
    async [Symbol.asyncDispose]() {
      closing = true;
      await all.disposeAsync();
    },
  };
}
