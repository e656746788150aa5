import { afterAll, expect, test } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { hostPausesIn } from '#db/host-pauses.ts';
import { testDatabase } from '../helpers/database.ts';

const { url } = await testDatabase();
const [one, other] = [openDatabase(url, { max: 1 }), openDatabase(url, { max: 1 })];
afterAll(() => Promise.all([one.close(), other.close()]));
const [here, there] = [hostPausesIn(one.db), hostPausesIn(other.db)];

test('a host that wants to be left in peace is known to every worker, by the longest pause it asked for', async () => {
  await here.keep({ host: 'one.example', waitMs: 600_000 });
  await there.keep({ host: 'one.example', waitMs: 30_000 });
  await there.keep({ host: 'two.example:8080', waitMs: 60_000 });
  const known = new Map((await here.known()).map(({ host, waitMs }) => [host, waitMs]));
  expect([...known.keys()].toSorted()).toEqual(['one.example', 'two.example:8080']);
  expect(known.get('one.example')).toBeGreaterThan(60_000);
  expect(known.get('one.example')).toBeLessThanOrEqual(600_000);
  expect(known.get('two.example:8080')).toBeLessThanOrEqual(60_000);
});

test('it is forgotten when its time is over, and may ask again', async () => {
  await one.db.execute(sql`update host_pauses set until = now() - interval '1 second'`);
  expect(await here.known()).toEqual([]);
  await there.keep({ host: 'one.example', waitMs: 60_000 });
  expect((await here.known()).map(({ host }) => host)).toEqual(['one.example']);
});
