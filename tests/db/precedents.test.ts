import { expect, it } from 'vitest';
import { readChainOf } from '#db/chains.ts';
import { testDatabase } from '../helpers/database.ts';
import { retriedChains } from '../helpers/retried-chains.ts';
import { runSql } from '../status-page/run-sql.ts';

const { database, db } = await testDatabase({ breaks: { all: 'its chains are written by hand, ended long ago' } });

it('what broke knows what came of retries before the day it ended, of the same platform, step and kind', async () => {
  await runSql(database, retriedChains({ chains: 12, fixed: 9, days: 20, firstRun: 1 }));
  await runSql(database, retriedChains({ chains: 3, fixed: 3, days: 100, firstRun: 101 }));
  await runSql(database, retriedChains({ chains: 5, fixed: 5, days: 20, firstRun: 201, platform: 'betpawa' }));
  await runSql(database, retriedChains({ chains: 1, fixed: 0, days: 1, firstRun: 301 }));
  await runSql(database, retriedChains({ chains: 1, fixed: 0, days: 1, firstRun: 401, kind: 'blocked' }));
  const known = async (run: number) => {
    const chain = await readChainOf(db, run);
    return chain?.runs.flatMap(({ jobs }) => jobs.map(({ precedent }) => precedent));
  };
  // The retry that failed was the first: of second ones nothing is known yet.
  expect(await known(301)).toEqual([{ step: 'extract', cases: 12, fixed: 9 }, null]);
  expect(await known(401)).toEqual([null, null]);
  // Its own day, and what came later, are left out: what is said once stays true.
  expect(await known(1)).toEqual([{ step: 'extract', cases: 3, fixed: 3 }, null]);
});
