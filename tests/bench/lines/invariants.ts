/** How long it takes to look whether any rule of tests/invariants.sql is broken: it is done after each test and journey. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '#db/client.ts';
import { startEmbedded } from '#db/embedded.ts';
import { migrate } from '#db/migrate.ts';
import { breaches } from '../../helpers/invariants.ts';
import { seedHistory } from '../../helpers/seed-history.ts';
import type { Line } from '../line.ts';

const RUNS = 100;
const TIMES = 50;

export const invariantsOfAHistory: Line = {
  title: `Rules of tests/invariants.sql: all of them, over ${RUNS.toLocaleString('en')} runs`,
  goal: 'p99 under 50 ms',
  async measure() {
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
  },
};
