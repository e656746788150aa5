/** Whether this process can do its work, and of what that is made: what `/readyz` answers. */
import { latestRunId } from '#db/chains.ts';
import type { Database } from '#db/client.ts';
import { clockWords } from '#bot/chat/clock-words.ts';
import type { Surface } from '#bot/chat/surface.ts';
import type { WatchedClock } from './clock.ts';
import type { Readiness } from './http-server.ts';
import type { Metrics } from './metrics.ts';
import type { Narrator } from './narrator.ts';

/** What is looked at. */
export interface ReadinessParts {
  database: Database;
  surfaces: readonly Surface[];
  /** Null until it is started. */
  narrator: Pick<Narrator, 'speaks' | 'troubles'> | null;
  clock: Pick<WatchedClock, 'aheadMs'>;
  metrics: Pick<Metrics, 'standstillMs'>;
  /** Why the status page could not be renewed; null when it could. */
  pageTrouble: string | null;
}

/** Looks at the database, every surface, every channel, the page and the clock. A process that stands by is ready to take over. */
export async function readiness({
  database,
  surfaces,
  narrator,
  clock,
  metrics,
  pageTrouble,
}: ReadinessParts): Promise<Readiness> {
  const checks: Record<string, string> = {};
  let ready = pageTrouble === null;
  for (const surface of surfaces) {
    const state = surface.state();
    const standsBy = surface.onlySpeaker === true && narrator?.speaks() === false;
    checks[surface.name] = standsBy ? 'stands by' : state.kind === 'down' ? state.why : state.kind;
    ready &&= standsBy || state.kind === 'up';
  }
  for (const { name, why } of narrator?.troubles() ?? []) {
    checks[name] = why;
    ready = false;
  }
  if (pageTrouble !== null) checks['status page'] = pageTrouble;
  // Work goes by the database's clock, so this one's being wrong stops nothing.
  if (clock.aheadMs() !== 0) checks['clock'] = `is ${clockWords(clock.aheadMs())}`;
  // It is over by the time it can be told.
  const stood = Math.round(metrics.standstillMs() / 1_000);
  if (stood > 0) checks['process'] = `stood still for ${stood} s within the last minute`;
  try {
    await latestRunId(database.db);
    return { ready, checks: { database: 'answers', ...checks } };
  } catch {
    return { ready: false, checks: { database: 'does not answer', ...checks } };
  }
}
