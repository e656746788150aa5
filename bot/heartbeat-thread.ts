/** The thread of the heartbeats; see `heartbeats.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Lease } from '#db/beat.ts';
import { keepCompiled } from './compiled.ts';
import type { Beaten, Opening, Word } from './heartbeats.ts';

keepCompiled();
const { beat, BEAT_MS } = await import('#db/beat.ts');
const { openConnections } = await import('#db/connections.ts');
const { describeDatabaseError } = await import('#db/errors.ts');

const { databaseUrl, beatMs, trustMs } = workerData as Opening;
const { pool } = openConnections(databaseUrl, {
  max: 1,
  queryTimeoutMs: BEAT_MS,
  applicationName: 'rescrape heartbeat',
});
let held: Lease[] = [];
let heardAt = performance.now();
let beating: Promise<void> | null = null;
let again = false;

function tell(beaten: Beaten): void {
  parentPort?.postMessage(beaten);
}

async function beatOnce(): Promise<void> {
  const now = held;
  if (now.length === 0 || performance.now() - heardAt > trustMs) return;
  try {
    const kept = await beat(pool, now);
    const lost = now.filter(({ id }) => !kept.has(id));
    if (lost.length > 0) tell({ lost });
  } catch (error) {
    tell({ trouble: describeDatabaseError(error) ?? 'an error of ours' });
  }
}

/** One beat at a time; what is asked for meanwhile is one more. */
function due(): void {
  again = true;
  beating ??= (async () => {
    while (again) {
      again = false;
      await beatOnce();
    }
    beating = null;
  })();
}

parentPort?.on('message', (word: Word) => {
  heardAt = performance.now();
  if (word === 'alive') return;
  ({ held } = word);
  due();
});
setInterval(due, beatMs);
