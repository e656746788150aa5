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
  } catch {
    return { ready: false, checks: { database: 'does not answer', ...checks } };
  }
}
