/** `npm run worker`: takes jobs on the same database as the bot; run as many as you like, anywhere. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '#db/client.ts';
import { hostPausesIn } from '#db/host-pauses.ts';
import { locateDatabase } from '#db/locate.ts';
import { migrate } from '#db/migrate.ts';
import { createFileStore, platforms } from '#scraper/index.ts';
import { jobServiceOf } from './configured-jobs.ts';
import { watchClock } from './clock.ts';
import { ConfigError, loadConfig } from './config.ts';
import { createEvidenceService } from './evidence-service.ts';
import { loadSettings, readEnvFile } from './load-settings.ts';
import { createLog } from './log.ts';
import { configured } from './platform-settings.ts';
import { startQueue } from './queue.ts';
import { startRunWorker } from './run-worker.ts';
import { startFailure } from './start-failure.ts';
import { listenForStop } from './stop-signal.ts';

const GRACE_MS = 25_000;

async function run(): Promise<number> {
  if (process.argv.length > 2)
    throw new ConfigError(['npm run worker takes no arguments: it is set up by its environment']);
  using stop = listenForStop();
  const config = loadConfig(process.env, await loadSettings(process.env), platforms, { speaks: false });
  const log = createLog(config.logLevel, 'worker');
  await using started = new AsyncDisposableStack();
  const located = await locateDatabase({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log });
  started.defer(() => located.release());
  await migrate(located.url, { log });
  const database = started.use(openDatabase(located.url, { log, applicationName: 'rescrape worker' }));
  started.use(watchClock({ database, log }));
  const queue = await startQueue(located.url, log);
  started.defer(() => queue.stop());
  const known = platforms.map((platform) => configured(platform, config.settings));
  const worker = await startRunWorker({
    jobs: jobServiceOf(config, database, queue, known, log),
    pauses: hostPausesIn(database.db),
    evidence: createEvidenceService(database, config.settings.keepRaw),
    database,
    files: createFileStore(join(config.dataDir, 'images')),
    queue,
    findPlatform: (id) => known.find((platform) => platform.id === id),
    baseUrls: config.baseUrls,
    proxyUrls: config.proxyUrls,
    slots: config.settings.workerSlots,
    owner: `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`,
    log,
  });
  started.defer(() => worker.stop(GRACE_MS));
  log.info({ slots: config.settings.workerSlots }, 'worker started');
  stop.started();
  await stop.requested;
  return 0;
}

readEnvFile();
process.exitCode = await run().catch((error: unknown) => {
  const failure = startFailure(error, process.env['DATABASE_URL']);
  process.stderr.write(failure.text);
  return failure.status;
});
