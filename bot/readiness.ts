<<<<<<< HEAD
/** What `/readyz` tells: whether the database answers, every surface is up, and the page can be built. */
import { latestRunId } from '#db/chains.ts';
import type { Database } from '#db/client.ts';
import type { Surface } from '#bot/chat/surface.ts';

/** Checks everything once; each check says how it stands, and none shows the value of a secret. */
export async function readiness(
  database: Database,
  surfaces: readonly Surface[],
  pageTrouble: string | null,
): Promise<{ ready: boolean; checks: Record<string, string> }> {
  const states = surfaces.map((surface) => ({ name: surface.name, state: surface.state() }));
  const checks = Object.fromEntries(
    states.map(({ name, state }) => [name, state.kind === 'down' ? state.why : state.kind]),
  );
  if (pageTrouble !== null) checks['status page'] = pageTrouble;
  const up = pageTrouble === null && states.every(({ state }) => state.kind === 'up');
  try {
    await latestRunId(database.db);
    return { ready: up, checks: { database: 'answers', ...checks } };
=======
/** Whether this process can do its work, and of what that is made: what `/readyz` answers. */
import { latestRunId } from '#db/chains.ts';
import type { Database } from '#db/client.ts';
import type { Surface } from '#bot/chat/surface.ts';
import type { Readiness } from './http-server.ts';
import type { Narrator } from './narrator.ts';

/** What is looked at. */
export interface ReadinessParts {
  database: Database;
  surfaces: readonly Surface[];
  /** Null until it is started. */
  narrator: Pick<Narrator, 'speaks' | 'troubles'> | null;
  /** Why the status page could not be renewed; null when it could. */
  pageTrouble: string | null;
}

/** Looks at the database, every surface, every channel and the page. A process that stands by is ready to take over. */
export async function readiness({ database, surfaces, narrator, pageTrouble }: ReadinessParts): Promise<Readiness> {
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
  try {
    await latestRunId(database.db);
    return { ready, checks: { database: 'answers', ...checks } };
>>>>>>> b285710 (Tell the other surfaces when one is out of reach until somebody puts something right)
  } catch {
    return { ready: false, checks: { database: 'does not answer', ...checks } };
  }
}
