/** A bot as a process: arguments, console, signals, exit status. Shared by `npm start` and the demo. */
import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { platforms } from '#scraper/index.ts';
import type { Chain } from '#db/run-facts.ts';
import { startBot, type Bot } from './bot.ts';
import { ConfigError, loadConfig } from './config.ts';
import { createConsole, type ConsoleOptions, type ConsoleSurface } from '#bot/console/surface.ts';
import { createLog, errorFields } from './log.ts';
import { startFailure } from './start-failure.ts';
import { listenForStop } from './stop-signal.ts';

/** What the process is started with. */
export interface ProcessParts {
  env: Record<string, string | undefined>;
  argv: readonly string[];
  settings: () => Promise<unknown>;
  /** Lines to greet with, once everything is up; gets the address of the status page. */
  greeting: (statusUrl: string) => string[];
  /** Called with a chain whenever something about it may have changed. */
  onChain?: (chain: Chain) => void;
  /** Called before the process ends. */
  onStop?: () => Promise<void>;
}

/** Runs a bot until it is told to stop; resolves with the exit status. */
export async function runProcess(parts: ProcessParts): Promise<number> {
  using stop = listenForStop();
  let bot: Bot | null = null;
  try {
    const asked = readArguments(parts.argv);
    const config = loadConfig(parts.env, await parts.settings(), platforms);
    const log = createLog(config.logLevel, 'bot');
    const console = openConsole(asked.json, {
      exportsDir: resolve(config.dataDir, 'exports'),
      whenTold: async () => bot?.whenTold(),
      onQuit: stop.request,
      onTrouble: (error) => log.error(errorFields(error), 'a line was not answered'),
    });
    let spoken = false;
    bot = await startBot({
      config,
      platforms,
      console,
      owner: `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`,
      log,
      onChain: parts.onChain,
      onRole(speaking) {
        if (!speaking)
          console.remark('Another Rescrape speaks for this database; this one stands by and takes over when it stops.');
        else if (spoken) console.remark('This Rescrape speaks now.');
        spoken = true;
      },
    });
    for (const line of parts.greeting(`${bot.statusUrl}/`)) console.remark(line);
    if (bot.newestRun !== null) {
      console.remark(
        `Run ${bot.newestRun} is the newest there is: /scrape status shows it with its buttons, /scrape history the others.`,
      );
    }
    stop.started();
    if (asked.exitWhenIdle) void console.ended.then(() => bot?.whenIdle()).then(stop.request);
    await stop.requested;
    return 0;
  } catch (error) {
    const failure = startFailure(error, parts.env['DATABASE_URL']);
    process.stderr.write(failure.text);
    return failure.status;
  } finally {
    await bot?.stop();
    await parts.onStop?.();
  }
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
