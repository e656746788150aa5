/** A bot as a process: arguments, console, signals, exit status. Shared by `npm start` and the demo. */
import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { platforms } from '#scraper/index.ts';
import { ConfigError, looseSecrets, type Environment } from '#db/environment.ts';
import type { Chain } from '#db/run-facts.ts';
import type { Bot } from './bot.ts';
import { loadConfig, type Config } from './config.ts';
import { createConsole, type ConsoleOptions, type ConsoleSurface } from '#bot/console/surface.ts';
import { createLog, errorFields, type Log } from './log.ts';
import { createRedactor, secretsOf, type Redactor } from './redactor.ts';
import { nextConfig } from './reread.ts';
import { startDatabase } from './start-database.ts';
import { startFailure } from './start-failure.ts';
import { listenForStop, type StopSignal } from './stop-signal.ts';

/** What the process is started with. */
export interface ProcessParts {
  /** Reads the environment, anew each time. */
  env: () => Environment;
  argv: readonly string[];
  settings: (env: Environment) => Promise<unknown>;
  /** Lines to greet with, once everything is up; gets the address of the status page. */
  greeting: (statusUrl: string) => string[];
  /** Called with a chain whenever something about it may have changed. */
  onChain?: (chain: Chain) => void;
  /** Called before the process ends. */
  onStop?: () => Promise<void>;
}

/** Runs a bot until it is told to stop; resolves with the exit status. A configuration that is read again starts it anew. */
export async function runProcess(parts: ProcessParts): Promise<number> {
  using stop = listenForStop();
  const redactor = createRedactor();
  let env: Environment = {};
  const read = async (): Promise<Config> => {
    const found = parts.env();
    const config = loadConfig(found, await parts.settings(found), platforms);
    env = found;
    redactor.know(secretsOf(config));
    return config;
  };
  try {
    const asked = readArguments(parts.argv);
    let config: Config | null = await read();
    const log = createLog(config.logLevel, 'bot', redactor);
    for (const what of looseSecrets(env)) log.warn(what);
    for (let first = true; config !== null; first = false) {
      log.level = config.logLevel;
      const bot = await open({ parts, asked, config, log, redactor, stop, first });
      if (bot === null) return 0;
      try {
        config = await nextConfig(stop, config, read, log);
      } finally {
        await bot.stop();
      }
    }
    return 0;
  } catch (error) {
    const failure = startFailure(error, env['DATABASE_URL']);
    process.stderr.write(redactor.clean(failure.text));
    return failure.status;
  } finally {
    await parts.onStop?.();
  }
}

interface Opening {
  parts: ProcessParts;
  asked: { json: boolean; exitWhenIdle: boolean };
  config: Config;
  log: Log;
  redactor: Redactor;
  stop: StopSignal;
  /** False when the process goes on with another configuration. */
  first: boolean;
}

/** Null: it was told to stop while it waited for its database. */
async function open({ parts, asked, config, log, redactor, stop, first }: Opening): Promise<Bot | null> {
  let bot: Bot | null = null;
  // The bundled database starts while the bot, most of what there is to load, is loaded.
  const located = startDatabase(config, { log, redactor });
  located.catch(() => {});
  const modules = Promise.all([import('./bot.ts'), import('./await-database.ts'), import('./http-server.ts')]);
  const [{ startBot }, { awaitDatabase }, { startHttpServer }] = await modules.catch(async (error: unknown) => {
    await located.then((database) => database.release()).catch(() => {});
    throw error;
  });
  const console = openConsole(asked.json, {
    exportsDir: resolve(config.dataDir, 'exports'),
    whenTold: async () => bot?.whenTold(),
    onQuit: stop.request,
    onTrouble: (error) => log.error(errorFields(error), 'a line was not answered'),
  });
  async function onWait(why: string): Promise<AsyncDisposable> {
    const server = await startHttpServer({
      port: config.port,
      statusDir: config.statusDir,
      metrics: async () => 'rescrape_database_up 0\n',
      ready: async () => ({ ready: false, checks: { database: 'does not answer' } }),
      log,
    });
    // By now `/readyz` says the same.
    console.remark(`${why} Rescrape waits for it, and starts when it answers. Ctrl-C ends.`);
    return server;
  }
  // A script wants to hear at once that there is no database.
  const databaseUrl = asked.exitWhenIdle ? null : config.databaseUrl;
  if (!(await awaitDatabase({ databaseUrl, onWait, log }, stop.requested))) return null;
  let spoken = false;
  bot = await startBot({
    config,
    located,
    platforms,
    console,
    owner: `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`,
    log,
    onChain: parts.onChain,
    onRole(speaking, speaker) {
      if (!speaking)
        console.remark(
          `Another Rescrape speaks for this database: ${speaker}. This one stands by and takes over when it stops.`,
        );
      else if (spoken) console.remark('This Rescrape speaks now.');
      spoken = true;
    },
  });
  stop.started();
  if (!first) {
    console.remark('The configuration was read again; this Rescrape goes on with it.');
    return bot;
  }
  for (const line of parts.greeting(`${bot.statusUrl}/`)) console.remark(line);
  if (bot.newestRun !== null) {
    console.remark(
      `Run ${bot.newestRun} is the newest there is: /scrape status shows it with its buttons, /scrape history the others.`,
    );
  }
  if (asked.exitWhenIdle) void console.ended.then(() => bot.whenIdle()).then(stop.request);
  return bot;
}

function readArguments(argv: readonly string[]): { json: boolean; exitWhenIdle: boolean } {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { json: { type: 'boolean', default: false }, 'exit-when-idle': { type: 'boolean', default: false } },
    });
    return { json: values.json, exitWhenIdle: values['exit-when-idle'] };
  } catch {
    throw new ConfigError([
      'there are two options: --json prints one JSON line per message, --exit-when-idle ends after the last input line is done',
    ]);
  }
}

function openConsole(
  json: boolean,
  hooks: Pick<ConsoleOptions, 'exportsDir' | 'whenTold' | 'onQuit' | 'onTrouble'>,
): ConsoleSurface {
  const name = accountName();
  return createConsole({
    input: process.stdin,
    output: process.stdout,
    json,
    actor: { surface: 'console', id: name, name },
    ...hooks,
  });
}

/** The account's name; an account without one (a container's bare number) is still somebody. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'console';
  }
}
