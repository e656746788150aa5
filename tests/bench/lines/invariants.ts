/** How long it takes to look whether any rule of tests/invariants.sql is broken: it is done after each test and journey. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '#db/client.ts';
import { startEmbedded } from '#db/embedded.ts';
import { migrate } from '#db/migrate.ts';
import { breaches } from '../../helpers/invariants.ts';
import { seedHistory } from '../../helpers/seed-history.ts';
import { figure, percentile, type Line } from '../line.ts';

/** More than any test leaves behind. */
const RUNS = 100;
const TIMES = 50;

export const invariantsOfAHistory: Line = {
  title: `All rules of tests/invariants.sql, over ${RUNS} runs`,
  goals: [{ what: 'Looking at all rules, p50', unit: 'ms', most: 50, of: (round) => figure(round, 'ours', 'p50 ms') }],
  ways: [
    {
      name: 'ours',
      async measure() {
        const took = await lookDurations();
        const at = (share: number) => percentile(took, share);
        return { 'p50 ms': at(0.5), 'p99 ms': at(0.99), 'longest ms': at(1) };
      },
    },
  ],
};

async function lookDurations(): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rescrape-bench-'));
  await chmod(folder, 0o755);
  try {
    await using embedded = await startEmbedded(folder, { info: () => {}, warn: console.warn });
    await migrate(embedded.url);
    await seedHistory(embedded.url, RUNS);
    await using database = openDatabase(embedded.url, { max: 1 });
    const took: number[] = [];
    for (let round = 0; round < TIMES; round += 1) {
      const began = performance.now();
      await breaches(database.db);
      took.push(performance.now() - began);
    }
    return took;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 20 });
  }
}
