import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readChain } from '#db/chains.ts';
import { sql } from '#db/drizzle.ts';
import { RUNS_CHANNEL } from '#db/runs.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { ada, aFailure, anIntent, aResult, openHouse } from '../helpers/house.ts';

const { url } = await testDatabase();
const house = await openHouse(url);
const { db, runs } = house;
const { mute, unmute } = house.mutes;
afterAll(() => house[Symbol.asyncDispose]());
beforeEach(() => emptyHouse(db));

const bet9ja = { platform: 'bet9ja', until: null, run: null };
const itsMute = { platform: 'bet9ja', run: null };
const blocked = { bet9ja: aResult('failed', aFailure('bet9ja', 'blocked')) };
const inAnHour = () => new Date(Date.now() + 3_600_000);

async function rows(query: ReturnType<typeof sql>): Promise<Record<string, unknown>[]> {
  return [...(await db.execute(query))];
}

async function aRunOf(platforms: string[], ends = {}): Promise<number> {
  const answer = await runs.start(anIntent(), platforms);
  if (answer.kind !== 'started') throw new Error('nothing was started');
  await house.workAll(ends);
  return answer.runId;
}

describe('muting a platform', () => {
  it('keeps who, on which surface and since when, with its action', async () => {
    expect(await mute(anIntent(), bet9ja)).toEqual({ kind: 'muted', platform: 'bet9ja', until: null });
    expect(await rows(sql`select platform, muted_by, until, ended_at from mutes`)).toEqual([
      { platform: 'bet9ja', muted_by: ada, until: null, ended_at: null },
    ]);
    expect(await rows(sql`select name, args, outcome, run_id from actions`)).toEqual([
      { name: 'mute', args: { platform: 'bet9ja', until: null }, outcome: 'done', run_id: null },
    ]);
  });

  it('changes nothing of what is scraped: it may be started, retried and fail as before', async () => {
    await mute(anIntent(), bet9ja);
    await aRunOf(['bet9ja'], blocked);
    expect(await runs.retry(anIntent(), { run: 1, platforms: [], pressed: false })).toMatchObject({ runId: 2 });
    await house.workAll(blocked);
    expect(await rows(sql`select status from runs order by id`)).toEqual([{ status: 'failed' }, { status: 'failed' }]);
    expect(await rows(sql`select ended_at from mutes`)).toEqual([{ ended_at: null }]);
  });

  it('is refused beside the same mute, and takes the place of one with another end', async () => {
    const until = inAnHour();
    await mute(anIntent(), bet9ja);
    expect(await mute(anIntent(), bet9ja)).toMatchObject({ reason: { kind: 'already_muted', by: 'Ada' } });
    expect(await mute(anIntent(), { ...bet9ja, until })).toMatchObject({ until: until.toISOString() });
    expect(await rows(sql`select ended_at is null as holds from mutes order by id`)).toEqual([
      { holds: false },
      { holds: true },
    ]);
    expect(await rows(sql`select outcome from actions order by at`)).toEqual([
      { outcome: 'done' },
      { outcome: 'refused:already_muted' },
      { outcome: 'done' },
    ]);
  });

  it('is one mute when two people mute at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => mute(anIntent(), bet9ja)));
    expect(answers.filter((answer) => answer.kind === 'muted')).toHaveLength(1);
    expect(await rows(sql`select 1 from mutes`)).toHaveLength(1);
  });

  it('can begin anew when the time of the last one is over', async () => {
    await mute(anIntent(), { ...bet9ja, until: inAnHour() });
    await db.execute(sql`update mutes set since = now() - interval '2 hours', until = now() - interval '1 hour'`);
    expect(await unmute(anIntent(), itsMute)).toMatchObject({ reason: { kind: 'not_muted' } });
    expect(await mute(anIntent(), bet9ja)).toMatchObject({ kind: 'muted' });
    expect(await rows(sql`select ended_at = until as by_time from mutes order by id`)).toEqual([
      { by_time: true },
      { by_time: null },
    ]);
  });

  it('tells the threads anew in which the platform is broken, and no others', async () => {
    await aRunOf(['bet9ja'], blocked);
    await aRunOf(['sportybet']);
    await aRunOf(['bet9ja']);
    const heard: string[] = [];
    const listening = await house.database.listen(RUNS_CHANNEL, (payload) => heard.push(payload));
    await mute(anIntent(), bet9ja);
    await expect.poll(() => heard).toEqual(['1']);
    await unmute(anIntent(), itsMute);
    await expect.poll(() => heard).toEqual(['1', '1']);
    await listening.close();
  });
});

describe('a mute', () => {
  it('ends by itself at the first success, once, and that run knows it', async () => {
    await mute(anIntent(), bet9ja);
    await aRunOf(['bet9ja', 'sportybet'], blocked);
    await aRunOf(['bet9ja']);
    await aRunOf(['bet9ja']);
    const endedIn = async (run: number) => (await readChain(db, run))?.mutes.map((one) => one.endedRun);
    expect([await endedIn(1), await endedIn(2), await endedIn(3)]).toEqual([[2], [2], []]);
  });

  it('is not ended by the success of another platform, nor by a part of a result', async () => {
    await mute(anIntent(), bet9ja);
    await aRunOf(['sportybet', 'bet9ja'], { bet9ja: aResult('partial', aFailure('bet9ja', 'blocked')) });
    expect(await rows(sql`select ended_at from mutes`)).toEqual([{ ended_at: null }]);
  });

  it('whose time was over before is not said to have been ended by a success', async () => {
    await mute(anIntent(), { ...bet9ja, until: inAnHour() });
    await db.execute(sql`update mutes set since = now() - interval '2 hours', until = now() - interval '1 hour'`);
    await aRunOf(['bet9ja']);
    expect(await rows(sql`select ended_run, ended_at = until as by_time from mutes`)).toEqual([
      { ended_run: null, by_time: true },
    ]);
  });

  it('can be ended by hand, and then says whose it was', async () => {
    expect(await unmute(anIntent(), itsMute)).toMatchObject({ reason: { kind: 'not_muted' } });
    await mute(anIntent(), bet9ja);
    expect(await unmute(anIntent(), itsMute)).toMatchObject({ kind: 'unmuted', platform: 'bet9ja', by: 'Ada' });
    expect(await rows(sql`select ended_at is not null as ended, ended_run from mutes`)).toEqual([
      { ended: true, ended_run: null },
    ]);
  });
});
