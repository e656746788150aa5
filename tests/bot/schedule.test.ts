import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '#bot/log.ts';
import type { ScheduleRules } from '#bot/runs/schedule.ts';
import { createScheduleService, type Schedule } from '#bot/schedule.ts';
import { sql } from '#db/drizzle.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { anIntent, openHouse } from '../helpers/house.ts';

const { url } = await testDatabase({
  breaks: {
    'slots-have-their-run': 'a run is started here as of a schedule, without its time',
    'slots-are-not-early': 'a clock that was set back is played by a time that lies ahead',
  },
});
const house = await openHouse(url);
const { db } = house;
afterAll(() => house[Symbol.asyncDispose]());

const usualRules: ScheduleRules = { overlap: 'skip', missed: 'once', graceMs: 120_000 };

beforeEach(async () => {
  await house.workAll();
  await db.execute(sql`delete from schedule_slots`);
  await db.execute(sql`delete from schedules`);
  await emptyHouse(db);
});

/** Hourly, last due half an hour ago: late by any grace, and due next in half an hour. */
const halfPast = `${(new Date().getUTCMinutes() + 30) % 60} * * * *`;

async function open(given: Partial<Schedule> = {}) {
  const schedule: Schedule = {
    name: 'nightly',
    cron: '* * * * *',
    zone: 'UTC',
    platforms: ['bet9ja'],
    rules: usualRules,
    ...given,
  };
  const service = createScheduleService({
    database: house.database,
    schedules: [schedule],
    startDue: house.runs.startDue,
    log: createLog('silent', 'test'),
  });
  await service.open();
  return service;
}

/** As if the schedule had been set that long ago. */
async function setAgo(interval: string): Promise<void> {
  await db.execute(sql`update schedules set since = now() - ${interval}::interval`);
}

async function outcomes(): Promise<Record<string, number>> {
  const rows = await db.execute<{ outcome: string; n: number }>(
    sql`select outcome, count(*)::int as n from schedule_slots group by 1 order by 1`,
  );
  return Object.fromEntries(rows.map((row) => [row.outcome, row.n]));
}

async function runs(): Promise<{ trigger: string; trigger_key: string; platforms: string[] }[]> {
  return [
    ...(await db.execute<{ trigger: string; trigger_key: string; platforms: string[] }>(
      sql`select trigger, trigger_key, platforms from runs order by id`,
    )),
  ];
}

describe('a slot that is due', () => {
  it('is run once, however many bots look at the same moment, under a key that names it', async () => {
    const services = await Promise.all([open(), open(), open()]);
    await setAgo('70 seconds');
    await Promise.all(services.flatMap((service) => [service.tick(), service.tick()]));
    const started = await runs();
    expect(started).toHaveLength(1);
    expect(started[0]).toMatchObject({ trigger: 'schedule:nightly', platforms: ['bet9ja'] });
    const [slot] = await db.execute<{ key: string }>(sql`
      select 'schedule:nightly:' || to_char(slot at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS".000Z"') as key
      from schedule_slots where outcome = 'run'`);
    expect(started[0]?.trigger_key).toBe(slot?.key);
  });

  it('is not run again by whoever looks later', async () => {
    const service = await open({ cron: halfPast });
    await setAgo('1 hour');
    await service.tick();
    await house.workAll();
    await service.tick();
    expect(await runs()).toHaveLength(1);
  });

  it('of a schedule that was just set, or changed, is the next one to come', async () => {
    await (await open({ cron: halfPast })).tick();
    expect(await outcomes()).toEqual({});
    await setAgo('1 hour');
    await (await open({ cron: '* * * * *' })).tick();
    expect(await outcomes()).toEqual({});
  });

  it('stays undecided when its run could not be started, and is taken by the next look', async () => {
    const service = await open({ cron: halfPast, platforms: ['betking'] });
    await setAgo('1 hour');
    await service.tick();
    expect(await outcomes()).toEqual({});
    await (await open({ cron: halfPast })).tick();
    expect(await outcomes()).toEqual({ run: 1 });
  });

  it('that lies before one decided already, because the clock was set back, is not run', async () => {
    const service = await open();
    await setAgo('5 minutes');
    await db.execute(sql`insert into schedule_slots (schedule, slot, outcome)
      values ('nightly', date_trunc('minute', now() + interval '1 hour'), 'skipped_missed')`);
    await service.tick();
    expect(await runs()).toEqual([]);
  });
});

describe('after an absence', () => {
  it('the newest slot is caught up once, and the others are recorded as missed', async () => {
    const service = await open({ cron: halfPast });
    await setAgo('5 hours');
    await service.tick();
    expect(await outcomes()).toEqual({ run: 1, skipped_missed: 4 });
  });

  it('nothing is caught up where the setting says so', async () => {
    const service = await open({ cron: halfPast, rules: { ...usualRules, missed: 'skip' } });
    await setAgo('5 hours');
    await service.tick();
    expect(await outcomes()).toEqual({ skipped_missed: 5 });
  });

  it('of days, every minute is accounted for', async () => {
    const service = await open();
    await setAgo('2 days');
    await service.tick();
    const [gaps] = await db.execute<{ n: number; slots: number }>(sql`
      select count(*) filter (where step <> interval '1 minute')::int as n, count(*)::int as slots
      from (select slot - lag(slot) over (order by slot) as step from schedule_slots) s where step is not null`);
    expect(gaps?.n).toBe(0);
    expect(gaps?.slots).toBeGreaterThanOrEqual(2_878);
    expect(await runs()).toHaveLength(1);
  });
});

describe('a slot that comes while the run before it still works', () => {
  it('is skipped, and says so', async () => {
    await house.database.db.transaction((tx) =>
      house.runs.startDue(tx, { schedule: 'nightly', slot: new Date(0), platforms: ['bet9ja'] }),
    );
    const service = await open({ cron: halfPast });
    await setAgo('1 hour');
    await service.tick();
    expect(await outcomes()).toEqual({ skipped_overlap: 1 });
  });

  it('is run all the same where the setting says so', async () => {
    await house.database.db.transaction((tx) =>
      house.runs.startDue(tx, { schedule: 'nightly', slot: new Date(0), platforms: ['bet9ja'] }),
    );
    const service = await open({ cron: halfPast, rules: { ...usualRules, overlap: 'start' } });
    await setAgo('1 hour');
    await service.tick();
    expect(await outcomes()).toEqual({ run: 1 });
  });
});

describe('pausing', () => {
  const pause = { name: 'nightly', until: null, resume: false };

  it('lets slots pass, recorded, until it is resumed', async () => {
    const service = await open();
    expect(await service.rest(anIntent(), pause)).toEqual({ kind: 'paused', name: 'nightly', until: null, next: null });
    await db.execute(
      sql`update schedules set since = now() - interval '3 minutes', paused_at = now() - interval '3 minutes'`,
    );
    await service.tick();
    const rested = await outcomes();
    expect(Object.keys(rested)).toEqual(['skipped_paused']);
    expect(rested['skipped_paused']).toBeGreaterThanOrEqual(3);
    expect(await service.rest(anIntent(), { ...pause, resume: true })).toMatchObject({ kind: 'resumed' });
    await setAgo('3 minutes');
    expect((await service.view())[0]).toMatchObject({ name: 'nightly', pause: null });
  });

  it('until a time ends by itself', async () => {
    const service = await open();
    const until = new Date(Date.now() + 3_600_000);
    expect(await service.rest(anIntent(), { ...pause, until })).toMatchObject({
      kind: 'paused',
      until: until.toISOString(),
    });
    const [view] = await service.view();
    expect(view?.pause?.by.name).toBe('Ada');
    expect(view?.next?.getTime()).toBeGreaterThanOrEqual(until.getTime());
    await db.execute(sql`update schedules set since = now() - interval '70 seconds',
      paused_at = now() - interval '1 hour', paused_until = now() - interval '65 seconds'`);
    await service.tick();
    expect((await outcomes())['run']).toBe(1);
  });

  it('is one action however often it is delivered, and what was due before is due still', async () => {
    const service = await open({ cron: halfPast });
    await setAgo('1 hour');
    const intent = anIntent();
    await Promise.all([service.rest(intent, pause), service.rest(intent, pause)]);
    expect(await outcomes()).toEqual({ run: 1 });
    const [actions] = await db.execute<{ n: number }>(
      sql`select count(*)::int as n from actions where name = 'schedule pause'`,
    );
    expect(actions?.n).toBe(1);
  });

  it.each([
    [
      { name: 'nihgtly', until: null, resume: false },
      { reason: 'unknown', nearest: 'nightly' },
    ],
    [{ name: 'nightly', until: null, resume: true }, { reason: 'not_paused' }],
    [{ name: 'nightly', until: new Date(0), resume: false }, { reason: 'past' }],
  ])('%j is refused', async (wanted, why) => {
    const service = await open();
    expect(await service.rest(anIntent(), wanted)).toMatchObject({ kind: 'refused', ...why });
  });
});

it('a schedule the configuration no longer has is not shown and not run; what became of it stays', async () => {
  const service = await open({ cron: halfPast });
  await setAgo('1 hour');
  await service.tick();
  const other = await open({ name: 'hourly', cron: halfPast });
  expect((await other.view()).map((view) => view.name)).toEqual(['hourly']);
  expect(await outcomes()).toEqual({ run: 1 });
});
