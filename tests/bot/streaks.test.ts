import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readChain } from '#db/chains.ts';
import { RUNS_CHANNEL } from '#db/runs.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { aFailure, aResult, anIntent, openHouse } from '../helpers/house.ts';

const { url, db, database } = await testDatabase();
const house = await openHouse(url);
const blocked = { bet9ja: aResult('partial', aFailure('bet9ja', 'blocked')) };

afterAll(() => house[Symbol.asyncDispose]());
beforeEach(() => emptyHouse(db));

async function run(ends: Parameters<typeof house.workAll>[0] = {}): Promise<void> {
  await house.runs.start(anIntent(), ['bet9ja', 'betpawa']);
  await house.workAll(ends);
}

async function streak(root: number, inRun = root) {
  const chain = await readChain(db, root);
  return chain?.runs.find(({ id }) => id === inRun)?.jobs.find(({ platform }) => platform === 'bet9ja')?.streak;
}

describe('how a platform did before and after', () => {
  it('counts the runs that broke in a row, and says which run ended it', async () => {
    await run();
    for (let count = 0; count < 3; count += 1) await run(blocked);
    expect(await streak(2)).toMatchObject({ before: 0, since: null, recovered: null });
    expect(await streak(4)).toMatchObject({ before: 2, firstRun: 2, since: expect.any(Date) as Date, recovered: null });
    await run();
    expect(await streak(5)).toMatchObject({ before: 3, firstRun: 2, recovered: null });
    expect(await streak(2)).toMatchObject({ before: 0, recovered: { run: 5 } });
    await run();
    expect(await streak(6)).toMatchObject({ before: 0, firstRun: null });
  });

  it('takes a retry that fixed it for the end of it, and a retry of the same run for no second failure', async () => {
    await run(blocked);
    await run(blocked);
    const retry = () => house.runs.retry(anIntent(), { run: null, platforms: ['bet9ja'], pressed: false });
    expect(await retry()).toMatchObject({ kind: 'started', runId: 3 });
    await house.workAll(blocked);
    expect(await streak(2)).toMatchObject({ before: 1 });
    expect(await streak(2, 3)).toMatchObject({ before: 1 });
    expect(await retry()).toMatchObject({ kind: 'started', runId: 4 });
    await house.workAll();
    expect(await streak(2, 4)).toMatchObject({ before: 1, firstRun: 1 });
    expect(await streak(1)).toMatchObject({ recovered: { run: 4 } });
    // Its own retry did it, which its thread tells already.
    await run();
    expect(await streak(2)).toMatchObject({ recovered: null });
    expect(await streak(5)).toMatchObject({ before: 0 });
  });

  it('has the first thread told anew when it is over', async () => {
    const heard: string[] = [];
    await run(blocked);
    await run(blocked);
    await using _ = await database.listen(RUNS_CHANNEL, (root) => void heard.push(root));
    await run();
    await expect.poll(() => heard).toContain('1');
  });
});
