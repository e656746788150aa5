/** Composes a bot: database, queue, services, worker, surfaces, narrator, status page. Stops them in the other order. */
import { findRootId, latestRunId, readChain, readLatestChains } from '#db/chains.ts';
import { readNumbers } from '#db/numbers.ts';
import type { Chain } from '#db/run-facts.ts';
import type { Located } from '#db/locate.ts';
import { houseId } from '#db/posts.ts';
import { hasUnfinishedRuns } from '#db/runs.ts';
import type { Platform } from '#scraper/index.ts';
import type { Surface } from '#bot/chat/surface.ts';
import type { CommandServices } from '#bot/commands/index.ts';
import { createAcceptService } from './accept-service.ts';
import { accessRules } from './access-rules.ts';
import { answersOn, type AnsweringParts } from './answering.ts';
import type { Config } from './config.ts';
import { createBackfillService } from './backfill-service.ts';
import { createFileService } from './file-service.ts';
import { openGround } from './ground.ts';
import { startHttpServer } from './http-server.ts';
import { createCancelService } from './cancel-service.ts';
import { cardUrls } from './card-urls.ts';
import { createMetrics } from './metrics.ts';
import { createMuteService } from './mute-service.ts';
import { lossTiming, startConfiguredWorker } from './configured-worker.ts';
import type { Log } from './log.ts';
import { startNarrator, type Narrator } from './narrator.ts';
import { createNoteService } from './note-service.ts';
import { openSurfaces } from './open-surfaces.ts';
import { configured, retryTerms } from './platform-settings.ts';
import { watchPresence } from './presence.ts';
import { readiness } from './readiness.ts';
import { watchRetention } from './retention.ts';
import { createRunService } from './run-service.ts';
import { createScheduleService } from './schedule.ts';
import { schedulesOf } from './schedule-settings.ts';
import { openStatusPage, type StatusPage } from '#bot/page/open-page.ts';
import { suggest } from './suggestions.ts';
import { tellingOf } from './telling.ts';
import { createToldPosts } from './told-posts.ts';

/** How long jobs under way may go on after a stop was asked for, milliseconds; then they are given back. */
const GRACE_MS = 2_000;

/** What a bot is made from. */
export interface BotParts {
  config: Config;
  /** The database, which may be still starting; the bot releases it. */
  located: Promise<Located>;
  platforms: readonly Platform[];
  /** The console, when there is one; chat surfaces are opened from the configuration. */
  console: Surface | null;
  /** Names this process in leases. */
  owner: string;
  log: Log;
  /** Called with a chain whenever something about it may have changed. */
  onChain?: (chain: Chain) => void;
  /** Called when this process becomes the one that speaks, or finds another one speaking, which is named. */
  onRole?: (speaking: boolean, speaker: string) => void;
}

/** A running bot. */
export interface Bot {
  statusUrl: string;
  /** The newest run there was at the start, or null on an empty history. */
  newestRun: number | null;
  /** Resolves when every run is settled and told. */
  whenTold(): Promise<void>;
  /** Resolves when, besides, the status page shows it. */
  whenIdle(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a bot. Everything that was started is stopped again when a later part fails. */
export async function startBot(parts: BotParts): Promise<Bot> {
  const { config, log } = parts;
  await using started = new AsyncDisposableStack();
  const ground = started.use(await openGround(parts.located, 'bot', log));
  const { database, clock, queue } = ground;

  const chat = await openSurfaces(config, await houseId(database.db), log);
  const surfaces = [...(parts.console === null ? [] : [parts.console]), ...chat];
  const platforms = parts.platforms.map((platform) => configured(platform, config.settings));
  const known = platforms.map((platform) => platform.id);
  const find = (id: string) => platforms.find((platform) => platform.id === id);
  const terms = (id: string) => retryTerms(find(id));
  let page: StatusPage | null = null;
  let narrator: Narrator | null = null;
  const metrics = started.use(
    createMetrics({ database, surfaces, known, clock, log, speaks: () => narrator?.speaks() ?? false }),
  );
  const server = await startHttpServer({
    port: config.port,
    statusDir: config.statusDir,
    metrics: () => metrics.text(),
    ready: () => readiness({ database, surfaces, narrator, clock, metrics, pageTrouble: page?.trouble() ?? null }),
    log,
  });
  started.defer(() => server.close());
  const address = config.settings.statusPage.url?.replace(/\/?$/, '/') ?? `${server.url}/`;
  const statusPage = (page = openStatusPage({ config, database, address, log }));
  started.defer(() => statusPage.stop());

  const telling = tellingOf(config, find, address);
  const runs = createRunService({
    database,
    queue,
    platforms,
    usual: config.settings.platforms ?? known,
    terms,
    maxRunAgeDays: config.settings.retry.maxRunAgeDays,
  });
  const schedules = createScheduleService({
    database,
    schedules: schedulesOf(config.settings),
    startDue: runs.startDue,
    log,
  });
  const files = createFileService({ database, known: platforms.map((platform) => platform.id) });
  const services: CommandServices = {
    schedules,
    start: runs.start,
    retry: runs.retry,
    tryNow: runs.tryNow,
    missing: files.missing,
    exportRun: files.exportRun,
    notes: createNoteService({ database }),
    accept: createAcceptService({ database, known: platforms.map((platform) => platform.id) }),
    async chainOf(run) {
      const id = run ?? (await latestRunId(database.db));
      const rootId = id === null ? null : await findRootId(database.db, id);
      return rootId === null ? null : readChain(database.db, rootId);
    },
    latest: (limit) => readLatestChains(database.db, limit),
    numbers: (span) => readNumbers(database.db, span),
    telling: () => telling(clock.now()),
    deny: runs.deny,
    tellsOf: createToldPosts(database),
    cardUrl: cardUrls(database, surfaces),
    cancel: createCancelService({ database }).cancel,
    ...createBackfillService({ database, queue, platforms }),
    ...createMuteService({ database, known }),
    ...accessRules(config),
  };

  const newestRun = await latestRunId(database.db);
  const answering: AnsweringParts = {
    services,
    metrics,
    log,
    suggest: async (asked, by) =>
      services.may('view', by).allowed ? suggest(database.db, telling(clock.now()), known, asked) : [],
    file: files.content,
  };
  for (const surface of surfaces) {
    if (surface.onlySpeaker !== true) await surface.start(answersOn(surface, answering));
    started.defer(() => surface.stop());
  }
  const told = (narrator = startNarrator({
    database,
    surfaces,
    routes: config.settings.routes,
    telling,
    revisitMs: Math.max(...platforms.map((platform) => platform.maxAgeMs)) + 60_000,
    onChain(chain) {
      statusPage.follow(chain);
      parts.onChain?.(chain);
    },
    alongside: async (ending) => {
      const retaining = watchRetention({ database, retention: config.settings.retention, log }, ending);
      const hearing = statusPage.hear(ending);
      await watchPresence(
        {
          database,
          queue,
          surfaces,
          terms,
          timing: lossTiming(config.settings),
          maxRunAgeDays: config.settings.retry.maxRunAgeDays,
          maxRunHours: config.settings.maxRunHours,
          telling,
          log,
        },
        ending,
      );
      await Promise.all([retaining, hearing]);
    },
    onRole(speaking, speaker) {
      for (const surface of surfaces.filter((one) => one.onlySpeaker === true)) {
        void (speaking ? surface.start(answersOn(surface, answering)) : surface.stop());
      }
      parts.onRole?.(speaking, speaker);
    },
    log,
  }));
  started.defer(() => told.stop());
  await schedules.open();
  const ticks = schedules.start();
  started.defer(() => ticks.stop());
  if (config.worker) {
    const worker = await startConfiguredWorker({ config, ground, platforms, owner: parts.owner, log });
    started.defer(() => worker.stop(GRACE_MS));
  }

  const all = started.move();
  const stopping = new AbortController();
  async function whenTold(): Promise<void> {
    // A database that does not answer says nothing about the runs: wait on.
    while (!stopping.signal.aborted && (await hasUnfinishedRuns(database.db).catch(() => true))) await tick();
    if (!stopping.signal.aborted) await told.catchUp();
  }
  return {
    statusUrl: server.url,
    newestRun,
    whenTold,
    async whenIdle() {
      await whenTold();
      if (!stopping.signal.aborted) await statusPage.settled();
    },
    async stop() {
      stopping.abort();
      await all.disposeAsync();
    },
  };
}

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}
