/** Renews the status page: one build at a time, swapped in whole; what fails leaves the old page. */
import { buildSite, SiteBuildError } from './build-site.ts';
import type { Log } from './log.ts';
import { beginBuild, clearBuild, finishBuild } from './site-builds.ts';

/** Publishes the page into a folder the HTTP server serves. Stop it, or a build goes on. */
export interface StatusPublisher {
  /**
   * Resolves when a build that began after this call has ended; several calls during a build become one more build.
   * Never rejects: a failed build is logged.
   */
  publish(): Promise<void>;
  /** Resolves when nothing is being built or asked for. */
  settled(): Promise<void>;
  /** Ends a build that is under way and refuses further ones. */
  stop(): Promise<void>;
}

/** A build that failed is repeated after this long, unless another was asked for, milliseconds. */
const AGAIN_MS = 30_000;

/** Makes a publisher. It begins with a page, as much may have happened since the last one; the database must be migrated. */
export function createStatusPublisher(parts: {
  databaseUrl: string;
  statusDir: string;
  log: Pick<Log, 'debug' | 'warn'>;
}): StatusPublisher {
  const { databaseUrl, statusDir, log } = parts;
  const stopping = new AbortController();
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  let again: NodeJS.Timeout | undefined;

  async function build(): Promise<void> {
    const startedAt = performance.now();
    clearTimeout(again);
    try {
      await publishOnce({ databaseUrl, statusDir, signal: stopping.signal });
      log.debug({ tookMs: Math.round(performance.now() - startedAt) }, 'the status page was renewed');
    } catch (error) {
      if (stopping.signal.aborted) return;
      log.warn({ reason: reasonOf(error) }, 'the status page could not be renewed; the one before stays');
      clearTimeout(again);
      again = setTimeout(() => void publish(), AGAIN_MS).unref();
    }
  }

  function publish(): Promise<void> {
    if (stopping.signal.aborted) return Promise.resolve();
    if (running === null) {
      running = build().finally(() => (running = null));
      return running;
    }
    next ??= running.then(() => {
      next = null;
      return publish();
    });
    return next;
  }

  async function settled(): Promise<void> {
    for (let last = next ?? running; last !== null; last = next ?? running) await last;
  }

  void publish();
  return {
    publish,
    settled,
    async stop() {
      stopping.abort();
      clearTimeout(again);
      await settled();
    },
  };
}

/** Builds the page and puts it in front. Rejects with a SiteBuildError when it cannot be built; the one before stays then. */
export async function publishOnce(wanted: {
  databaseUrl: string;
  statusDir: string;
  signal?: AbortSignal;
}): Promise<void> {
  const { databaseUrl, statusDir, signal } = wanted;
  const begun = await beginBuild(statusDir, new Date());
  try {
    const site = await buildSite({ databaseUrl, folder: begun.folder, signal });
    await finishBuild(statusDir, begun, site);
  } finally {
    await clearBuild(begun);
  }
}

/** Our own reasons in full; of others, such as a full disk, only the kind. */
function reasonOf(error: unknown): string {
  if (error instanceof SiteBuildError) return error.message;
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
