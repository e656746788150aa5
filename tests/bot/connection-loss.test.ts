import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { lookAtLinks } from '#bot/connection-loss.ts';
import type { Surface, SurfaceState } from '#bot/chat/surface.ts';
import { createLog } from '#bot/log.ts';
import { readChain } from '#db/chains.ts';
import { sql } from '#db/drizzle.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { aFailure, aResult, anIntent, openHouse } from '../helpers/house.ts';

const { url, db } = await testDatabase({
  breaks: {
    'slots-have-their-run': 'a run is started here as of a schedule, without its time',
  },
});
const house = await openHouse(url, { parallelPlatforms: 1 });
const terms = () => ({ maxAgeMs: 600_000, firstStep: 'discover', itemStep: 'extract' });
let state: SurfaceState = { kind: 'up' };
const slack: Surface = {
  name: 'slack',
  home: 'C0RUNS',
  start: async () => {},
  state: () => state,
  post: async () => ({}),
  edit: async () => {},
  find: async () => null,
  stop: async () => {},
};

beforeEach(async () => {
  await emptyHouse(db);
  state = { kind: 'up' };
  await look();
});
afterAll(() => house[Symbol.asyncDispose]());

/** One look, as the process that speaks takes every second. */
function look(): Promise<void> {
  return lookAtLinks({
    database: house.database,
    queue: house.queue,
    surfaces: [slack],
    terms,
    timing: { graceMs: 45_000, stableMs: 30_000 },
    maxRunAgeDays: 7,
    log: createLog('silent', 'test'),
  });
}

/** So much time goes by, as far as links are concerned; the last look was just now all the same. */
async function pass(seconds: number): Promise<void> {
  const ago = sql`interval '1 second' * ${seconds}`;
  await db.execute(sql`update surface_links set down_since = down_since - ${ago}, up_since = up_since - ${ago}`);
}

async function goes(kind: 'up' | 'down'): Promise<void> {
  state = kind === 'up' ? { kind } : { kind, why: 'Slack cannot be reached.' };
  await look();
}

/** A run asked for in Slack whose first platform is being scraped. */
async function begun() {
  await house.runs.start(anIntent({ surface: 'slack' }), []);
  return house.take('sportybet');
}

async function runs(): Promise<Record<string, unknown>[]> {
  const rows = await db.execute(
    sql`select id, status, trigger, rescrape_of, array_to_string(platforms, ',') as platforms from runs order by id`,
  );
  return [...rows];
}

const one = { id: 1, status: 'connection_failed', trigger: 'slack', rescrape_of: null };
const two = { id: 2, trigger: 'rescrape:1', rescrape_of: 1 };

describe('a run whose home surface goes away', () => {
  it('finishes what is being scraped, starts nothing more, and is scraped again once it is back', async () => {
    const first = await begun();
    await goes('down');
    await pass(46);
    await house.jobs.endAttempt(first, aResult('completed'));
    expect(await house.jobs.claim('a worker')).toBeNull();
    expect(await runs()).toMatchObject([one]);
    const chain = await readChain(db, 1);
    expect(chain?.runs[0].jobs.map(({ status, failureKind }) => [status, failureKind])).toEqual([
      ['completed', null],
      ['skipped', 'connection_lost'],
      ['skipped', 'connection_lost'],
    ]);
    expect(chain?.runs[0].lostSince).toBeInstanceOf(Date);
    await goes('up');
    await look();
    expect(await runs()).toHaveLength(1);
    await pass(31);
    await look();
    await look();
    expect(await runs()).toMatchObject([one, { ...two, platforms: 'bet9ja,betpawa', status: 'pending' }]);
    await house.workAll();
    expect(await runs()).toMatchObject([one, { ...two, status: 'completed' }]);
    expect((await readChain(db, 1))?.runs[1]?.jobs.map((job) => job.retryNumber)).toEqual([0, 0]);
  });

  it('is over at once when nothing of it is being scraped', async () => {
    await house.runs.start(anIntent({ surface: 'slack' }), []);
    await goes('down');
    await pass(46);
    expect(await house.jobs.claim('a worker')).toBeNull();
    expect(await runs()).toMatchObject([one]);
  });

  it('goes on while it is away for no longer than the grace, and when it comes back in time', async () => {
    const first = await begun();
    await goes('down');
    await pass(44);
    await house.jobs.endAttempt(first, aResult('completed'));
    const second = await house.take('bet9ja');
    await pass(2);
    await goes('up');
    await house.jobs.endAttempt(second, aResult('completed'));
    await house.workAll();
    expect(await runs()).toMatchObject([{ status: 'completed' }]);
  });

  it('goes on when its last platform was begun', async () => {
    await house.runs.start(anIntent({ surface: 'slack' }), ['sportybet']);
    const only = await house.take();
    await goes('down');
    await pass(600);
    expect(await house.jobs.claim('a worker')).toBeNull();
    await house.jobs.endAttempt(only, aResult('completed'));
    expect(await runs()).toMatchObject([{ status: 'completed' }]);
  });

  it('goes on when nobody looks at the link: then it is not known to be down', async () => {
    const first = await begun();
    await goes('down');
    await pass(600);
    await db.execute(sql`update surface_links set looked_at = now() - interval '16 seconds'`);
    await house.jobs.endAttempt(first, aResult('completed'));
    expect((await house.take('bet9ja')).runId).toBe(1);
  });

  it('goes on when a schedule started it, or somebody on another surface', async () => {
    await db.transaction((tx) =>
      house.runs.startDue(tx, { schedule: 'nightly', slot: new Date(0), platforms: ['sportybet'] }),
    );
    await house.runs.start(anIntent({ surface: 'discord' }), ['bet9ja']);
    await goes('down');
    await pass(600);
    await house.workAll();
    expect((await runs()).map((run) => run['status'])).toEqual(['completed', 'completed']);
  });

  it('is scraped again once, however often it comes and goes, and whoever looks at the same time', async () => {
    const first = await begun();
    for (let flap = 0; flap < 20; flap += 1) {
      await goes('down');
      await pass(3);
      await goes('up');
      await pass(1);
    }
    await goes('down');
    await house.jobs.endAttempt(first, aResult('completed'));
    expect(await house.jobs.claim('a worker')).toBeNull();
    for (let flap = 0; flap < 20; flap += 1) {
      await goes('up');
      await pass(29);
      await goes('down');
    }
    expect(await runs()).toMatchObject([one]);
    await goes('up');
    await pass(31);
    await look();
    await Promise.all([look(), look(), look()]);
    await goes('down');
    await pass(60);
    // A re-scrape is not left out itself: nobody waits for it.
    await house.workAll();
    await goes('up');
    await pass(31);
    await look();
    await look();
    expect(await runs()).toMatchObject([one, { ...two, status: 'completed' }]);
  });

  it('is scraped again with what broke by itself, from what is stored, and not with what somebody retries meanwhile', async () => {
    const first = await begun();
    await goes('down');
    await pass(46);
    await house.jobs.endAttempt(first, aResult('failed', aFailure('sportybet', 'blocked')));
    await house.jobs.claim('a worker');
    expect(await runs()).toMatchObject([one]);
    const retry = { run: 1, platforms: ['bet9ja'], pressed: true };
    expect(await house.runs.retry(anIntent({ surface: 'discord' }), retry)).toMatchObject({ kind: 'started' });
    await goes('up');
    await pass(31);
    await look();
    await look();
    expect((await runs())[2]).toMatchObject({ trigger: 'rescrape:1', platforms: 'sportybet,betpawa' });
    const refused = await house.runs.retry(anIntent(), { run: 1, platforms: ['betpawa'], pressed: true });
    expect(refused).toMatchObject({ kind: 'refused', reasons: [{ kind: 'being_retried', run: 3, itself: true }] });
  });

  it('takes none of the three retries, neither before nor after', async () => {
    const broken = { bet9ja: aResult('failed', aFailure('bet9ja', 'blocked')) };
    await house.runs.start(anIntent({ surface: 'slack' }), ['sportybet', 'bet9ja']);
    await house.workAll(broken);
    const retry = (run: number) =>
      house.runs.retry(anIntent({ surface: 'slack' }), { run, platforms: ['bet9ja'], pressed: true });
    expect(await retry(1)).toMatchObject({ kind: 'started', parts: [{ retryNumber: 1 }] });
    await goes('down');
    await pass(46);
    expect(await house.jobs.claim('a worker')).toBeNull();
    expect((await runs())[1]).toMatchObject({ status: 'connection_failed' });
    await goes('up');
    await pass(31);
    await look();
    await look();
    await house.workAll(broken);
    for (const number of [2, 3]) {
      const newest = Number((await runs()).at(-1)?.['id']);
      expect(await retry(newest)).toMatchObject({ kind: 'started', parts: [{ retryNumber: number }] });
      await house.workAll(broken);
    }
    expect(await retry(Number((await runs()).at(-1)?.['id']))).toMatchObject({
      kind: 'refused',
      reasons: [{ kind: 'retries_used' }],
    });
  });

  it('that somebody cancelled is not scraped again', async () => {
    const first = await begun();
    await goes('down');
    await pass(46);
    expect(await house.jobs.claim('a worker')).toBeNull();
    expect(await house.cancel(anIntent({ surface: 'discord' }), 1)).toMatchObject({ kind: 'cancelled' });
    await expect(house.jobs.endAttempt(first, aResult('completed'))).rejects.toThrow(/lease/);
    await goes('up');
    await pass(31);
    await look();
    await look();
    expect(await runs()).toHaveLength(1);
  });
});
