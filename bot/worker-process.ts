/** The worker as a process: takes jobs on the same database as the bot, until it is told to stop. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { ConfigError, looseSecrets, type Environment } from '#db/environment.ts';
import { platforms } from '#scraper/index.ts';
import { awaitDatabase } from './await-database.ts';
import { loadConfig, type Config } from './config.ts';
import { startConfiguredWorker } from './configured-worker.ts';
import { openGround } from './ground.ts';
import { loadSettings } from './load-settings.ts';
import { createLog, type Log } from './log.ts';
import { configured } from './platform-settings.ts';
import { createRedactor, secretsOf } from './redactor.ts';
import { nextConfig } from './reread.ts';
import { startDatabase } from './start-database.ts';
import { startFailure } from './start-failure.ts';
import { listenForStop } from './stop-signal.ts';

const GRACE_MS = 25_000;

const redactor = createRedactor();
let env: Environment = {};

/** What the process is started with; `env` is read again when it is told to read its configuration again. */
export interface WorkerProcessParts {
  env: () => Environment;
  argv: readonly string[];
}

async function read(parts: WorkerProcessParts): Promise<Config> {
  const found = parts.env();
  const config = loadConfig(found, await loadSettings(found), platforms, { speaks: false });
  env = found;
  redactor.know(secretsOf(config));
  return config;
}

/** Works until it is told to stop. A configuration that is read again starts it anew. */
async function run(parts: WorkerProcessParts): Promise<number> {
  if (parts.argv.length > 0)
    throw new ConfigError(['npm run worker takes no arguments: it is set up by its environment']);
  using stop = listenForStop();
  let config: Config | null = await read(parts);
  const log = createLog(config.logLevel, 'worker', redactor);
  for (const what of looseSecrets(env)) log.warn(what);
  while (config !== null) {
    log.level = config.logLevel;
    const working = await open(config, log, stop.requested);
    if (working === null) return 0;
    try {
      stop.started();
      config = await nextConfig(stop, config, () => read(parts), log);
    } finally {
      await working[Symbol.asyncDispose]();
    }
  }
  return 0;
}

/** Null: it was told to stop while it waited for its database. */
async function open(config: Config, log: Log, stopRequested: Promise<void>): Promise<AsyncDisposable | null> {
  const waited = { databaseUrl: config.databaseUrl, onWait: async () => new AsyncDisposableStack(), log };
  if (!(await awaitDatabase(waited, stopRequested))) return null;
  await using started = new AsyncDisposableStack();
  const ground = started.use(await openGround(startDatabase(config, { log, redactor }), 'worker', log));
  const worker = await startConfiguredWorker({
    config,
    ground,
    platforms: platforms.map((platform) => configured(platform, config.settings)),
    owner: `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`,
    log,
  });
  started.defer(() => worker.stop(GRACE_MS));
  log.info({ slots: config.settings.workerSlots }, 'worker started');
  return started.move();
}

/** Resolves with the exit status; never rejects. */
export function runWorkerProcess(parts: WorkerProcessParts): Promise<number> {
  return run(parts).catch((error: unknown) => {
    const failure = startFailure(error, env['DATABASE_URL']);
    process.stderr.write(redactor.clean(failure.text));
    return failure.status;
  });
}
