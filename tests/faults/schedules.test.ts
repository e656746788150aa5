/** What can happen to schedules and to clocks, with real processes and a database whose clock is moved by hand; each named by its row of the fault matrix. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { startDemoSites, type DemoSites } from '../demo-sites/index.ts';
import { scratchDatabase, type TestDatabase } from '../helpers/database.ts';
import { falseClock, noFalseClock, type FalseClock } from '../helpers/false-clock.ts';
import { falseClockServer, type FalseClockServer } from '../helpers/false-clock-server.ts';
import { startProcess, type HouseProcess } from '../helpers/house-process.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Due so seldom that it is never due by itself while a test goes on, however slowly. */
const hourly = { name: 'hourly', cron: '0 * * * *', platforms: ['bet9ja'] };

let server: FalseClockServer;
let scratch: TestDatabase;
let sites: DemoSites;
let dataDir: string;
let started: HouseProcess[] = [];
/** A whole hour from which the clock is moved on: some time ago, so that matches of demo sites are still to come. */
let hour: number;

beforeAll(async () => {
  if (noFalseClock !== null) return;
  dataDir = await mkdtemp(join(tmpdir(), 'rescrape-schedules-'));
  [server, sites] = await Promise.all([falseClockServer(), startDemoSites({ latencyMs: 0 })]);
});
beforeEach(async ({ skip }) => {
  skip(noFalseClock !== null, noFalseClock ?? '');
  hour = (Math.floor(Date.now() / HOUR_MS) - 8) * HOUR_MS;
  scratch = await scratchDatabase({ server });
  for (const site of Object.values(sites.sites)) site.setMood('ok');
});
afterEach(async () => {
  for (const one of started) {
    one.child.kill('SIGCONT');
    await one[Symbol.asyncDispose]();
  }
  started = [];
  await scratch?.[Symbol.asyncDispose]();
});
afterAll(async () => {
  if (noFalseClock !== null) return;
  await sites[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
});

interface Starting {
  schedules?: object[];
  settings?: object;
  /** The clock of this process alone. */
  clock?: FalseClock;
  env?: Record<string, string>;
  args?: string[];
}

let files = 0;
async function start(script: string, { schedules = [], settings = {}, clock, env = {}, args = [] }: Starting) {
  const config = join(dataDir, `settings-${++files}.mjs`);
  await writeFile(config, `export default ${JSON.stringify({ schedules, ...settings })};`);
  const one = startProcess(script, args, {
    DATABASE_URL: scratch.url,
    DATA_DIR: dataDir,
    STATUS_DIR: join(dataDir, `status-${files}`),
    CONFIG_FILE: config,
    ...sites.env,
    ...clock?.env,
    ...env,
  });
  started = [...started, one];
  return one;
}

/** Starts a bot and waits until it is up. */
async function aBot(starting: Starting): Promise<HouseProcess> {
  const bot = await start('bot/main.ts', starting);
  await expect.poll(() => bot.output()).toMatch(/http:\/\/127\.0\.0\.1:\d+/);
  return bot;
}

/** The database's clock stands at so many minutes after the hour, and goes on. */
function moveTo(minutes: number): void {
  server.clock.set(new Date(hour + minutes * MINUTE_MS).toISOString());
}

async function slots(schedule: string): Promise<{ minutes: number; outcome: string; run: number | null }[]> {
  const rows = await scratch.db.execute<{ at: string; outcome: string; run: number | null }>(sql`
    select to_jsonb(slot) #>> '{}' as at, outcome, run_id as run from schedule_slots where schedule = ${schedule}
    order by slot`);
  return rows.map(({ at, outcome, run }) => ({ minutes: (Date.parse(at) - hour) / MINUTE_MS, outcome, run }));
}

const slotsIn = async (schedule: string) => (await slots(schedule)).map(({ minutes }) => minutes);
const outcomes = async (schedule: string) => (await slots(schedule)).map(({ outcome }) => outcome);

/** Runs by their keys, with how they stand. */
async function runs(): Promise<{ id: number; key: string; status: string }[]> {
  return [
    ...(await scratch.db.execute<{ id: number; key: string; status: string }>(
      sql`select id, trigger_key as key, status from runs order by id`,
    )),
  ];
}

const statuses = async () => (await runs()).map(({ status }) => status);

it('S1 two bots that see the same tick start one run of it, under a key that names the slot', async () => {
  moveTo(1);
  const bots = await Promise.all([aBot({ schedules: [hourly] }), aBot({ schedules: [hourly] })]);
  for (const times of [1, 2, 3]) {
    moveTo(60 * times);
    await expect.poll(() => slotsIn('hourly')).toEqual([60, 120, 180].slice(0, times));
    await expect.poll(statuses).toEqual(['completed', 'completed', 'completed'].slice(0, times));
  }
  expect(await outcomes('hourly')).toEqual(['run', 'run', 'run']);
  const keys = (await runs()).map(({ key }) => key);
  expect(keys).toEqual([1, 2, 3].map((times) => `schedule:hourly:${new Date(hour + times * HOUR_MS).toISOString()}`));
  for (const bot of bots) expect(bot.errors()).not.toContain('"level":"error"');
});

describe('S2 when clocks change in Berlin', () => {
  const berlin = { zone: 'Europe/Berlin', overlap: 'start', platforms: ['bet9ja'] };
  const schedules = [
    { ...berlin, name: 'nightly', cron: '30 2 * * *' },
    { ...berlin, name: 'half-hourly', cron: '*/30 * * * *' },
  ];
  const off = { WORKER: 'off' };

  it('S2 in spring, a nightly run comes as much later as the clocks jump, and half hours go on', async () => {
    hour = Date.parse('2027-03-28T00:00:00Z');
    moveTo(40);
    await aBot({ schedules, env: off });
    for (const minutes of [60, 90]) {
      moveTo(minutes);
      await expect.poll(async () => (await slotsIn('half-hourly')).at(-1)).toBe(minutes);
    }
    expect(await slotsIn('half-hourly')).toEqual([60, 90]);
    // 02:30 there is not; 03:30 is 01:30 UTC.
    expect(await slotsIn('nightly')).toEqual([90]);
    expect(new Set([...(await outcomes('half-hourly')), ...(await outcomes('nightly'))])).toEqual(new Set(['run']));
  });

  it('S2 in autumn, a nightly run comes once, and half hours go on', async () => {
    hour = Date.parse('2027-10-31T00:00:00Z');
    moveTo(10);
    await aBot({ schedules, env: off });
    for (const minutes of [30, 60, 90]) {
      moveTo(minutes);
      await expect.poll(async () => (await slotsIn('half-hourly')).at(-1)).toBe(minutes);
    }
    expect(await slotsIn('half-hourly')).toEqual([30, 60, 90]);
    // The clock shows 02:30 at 00:30 UTC, and again at 01:30.
    expect(await slotsIn('nightly')).toEqual([30]);
  });
});

it('S3 a bot whose clock is wrong or set back starts nothing early, late or twice, and the operator is told', async () => {
  const clock = falseClock(dataDir, 'bot');
  /** Its clock, against that of the database, as it stands at so many minutes after the hour. */
  const wrongBy = (byMs: number, minutes: number) => clock.ahead(hour + minutes * MINUTE_MS - Date.now() + byMs);
  moveTo(56);
  wrongBy(5 * MINUTE_MS, 56);
  const bot = await aBot({ schedules: [hourly], clock });
  // That a slot is not taken before its time is a rule of the invariants.
  await expect
    .poll(() => bot.errors())
    .toMatch(/"aheadSeconds":(299|300|301),"msg":"the clock of this machine is wrong/);
  const address = /http:\/\/127\.0\.0\.1:\d+/.exec(bot.output())?.[0];
  expect(await (await fetch(`${address}/readyz`)).json()).toMatchObject({
    ready: true,
    checks: { clock: expect.stringMatching(/^is [45] min ahead of the database's$/) as string },
  });
  expect(await (await fetch(`${address}/metrics`)).text()).toMatch(/\nrescrape_clock_ahead_seconds (299|30\d)/);
  moveTo(60);
  await expect.poll(() => slotsIn('hourly')).toEqual([60]);
  await expect.poll(statuses).toEqual(['completed']);
  // By NTP, far back. Ticks that follow this clock do not come until it is where it was.
  wrongBy(-HOUR_MS, 60);
  moveTo(120);
  await expect
    .poll(() => slots('hourly'))
    .toEqual([
      { minutes: 60, outcome: 'run', run: 1 },
      { minutes: 120, outcome: 'run', run: 2 },
    ]);
  await expect.poll(statuses).toEqual(['completed', 'completed']);
  await expect.poll(() => bot.errors()).toMatch(/"aheadSeconds":-\d{4}/);
  await using doctor = await start('bot/doctor-command.ts', { clock });
  expect(await doctor.exited()).toBe(0);
  expect(doctor.output()).toMatch(/! the clock of this machine is \d+ (min|h) behind the database's\n {6}Set it right/);
});

it('S3 workers whose clocks are five minutes off, to both sides, rob each other of nothing', async () => {
  server.clock.ahead(0);
  const [slow, fast] = [falseClock(dataDir, 'slow'), falseClock(dataDir, 'fast')];
  slow.ahead(-5 * MINUTE_MS);
  fast.ahead(5 * MINUTE_MS);
  sites.sites.bet9ja.setMood('slow');
  const bot = await aBot({ env: { WORKER: 'off' } });
  const settings = { workerSlots: 1 };
  const [first, second] = await Promise.all(
    [slow, fast].map((clock) => start('bot/worker.ts', { clock, settings, env: { LOG_LEVEL: 'info' } })),
  );
  for (const worker of [first, second]) await expect.poll(() => worker?.errors()).toContain('worker started');
  // Whoever ends the second of these looks for more, while the first is still under way.
  bot.type('/scrape now bet9ja');
  bot.type('/scrape now betpawa');
  const jobs = () =>
    scratch.db.execute(sql`select status, lease::int, attempt, crashes, items_done from jobs order by id`);
  const whole = { status: 'completed', lease: 1, attempt: 1, crashes: 0, items_done: 48 };
  await expect.poll(async () => [...(await jobs())]).toEqual([whole, whole]);
  await expect.poll(() => first?.errors()).toMatch(/"aheadSeconds":-(299|300|301)/);
  await expect.poll(() => second?.errors()).toMatch(/"aheadSeconds":(299|300|301)/);
});

it('S4 of ticks that came while no bot was there, the newest is caught up and the others are recorded', async () => {
  const starting = { schedules: [hourly], env: { WORKER: 'off' } };
  moveTo(1);
  const first = await aBot(starting);
  await first.kill('SIGKILL');
  moveTo(185);
  await aBot(starting);
  await expect
    .poll(() => slots('hourly'))
    .toEqual([
      { minutes: 60, outcome: 'skipped_missed', run: null },
      { minutes: 120, outcome: 'skipped_missed', run: null },
      { minutes: 180, outcome: 'run', run: 1 },
    ]);
  expect(await runs()).toHaveLength(1);
});

it('S5 a tick that comes while the run before it still works is skipped, and its card says so', async () => {
  moveTo(1);
  sites.sites.bet9ja.setMood('stalls');
  const bot = await aBot({ schedules: [hourly] });
  moveTo(60);
  await expect.poll(statuses).toEqual(['running']);
  moveTo(120);
  await expect
    .poll(() => slots('hourly'))
    .toEqual([
      { minutes: 60, outcome: 'run', run: 1 },
      { minutes: 120, outcome: 'skipped_overlap', run: null },
    ]);
  bot.type('/scrape schedule');
  await expect.poll(() => bot.output()).toMatch(/last run 1 · .* skipped, the one before still ran/);
  sites.sites.bet9ja.setMood('ok');
  await expect.poll(statuses).toEqual(['completed']);
  await expect
    .poll(() => bot.output())
    .toMatch(/Run 1 is complete[^]*hourly was skipped at \d\d:\d\d: this run was still at work/);
});

it('S6 a bot that was blocked over the tick starts its slot all the same', async () => {
  moveTo(1);
  const bot = await aBot({ schedules: [hourly] });
  bot.child.kill('SIGSTOP');
  moveTo(60);
  // Longer than the tick library waits for itself.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  bot.child.kill('SIGCONT');
  await expect.poll(() => slots('hourly')).toEqual([{ minutes: 60, outcome: 'run', run: 1 }]);
  await expect.poll(statuses).toEqual(['completed']);
});

it('O1 a database that was restored from a day ago is gone on with: nothing old is told again, one time is caught up, what worked then is closed', async () => {
  const starting = { schedules: [{ name: 'hourly', cron: '0 * * * *', platforms: ['bet9ja'] }], args: ['--json'] };
  moveTo(1);
  sites.sites.bet9ja.setMood('stalls');
  const before = await start('bot/main.ts', starting);
  before.type('/scrape now betpawa');
  await before.until((said) => said.run === 1 && said.slot === 'job:betpawa');
  await before.until((said) => said.run === 1 && said.slot === 'card' && /Run 1 is complete/.test(said.text));
  before.type('/scrape now bet9ja');
  await before.until((said) => said.run === 2 && /31 of 48 events/.test(said.text));
  await before.kill('SIGKILL');
  moveTo(26 * 60 + 1);
  const after = await start('bot/main.ts', { ...starting, env: { WORKER: 'off' } });
  await after.until((said) => said.run === 2 && said.slot === 'card' && /Run 2 failed/.test(said.text));
  await after.until((said) => said.run === 3 && said.slot === 'card');
  const became = await outcomes('hourly');
  expect([became.length, became.filter((outcome) => outcome === 'run').length, became.at(-1)]).toEqual([26, 1, 'run']);
  expect((await runs()).map(({ id, status }) => [id, status])).toEqual([
    [1, 'completed'],
    [2, 'failed'],
    [3, 'pending'],
  ]);
  const posted = after.said.filter((said) => said.kind === 'post').map((said) => `${said.run} ${said.slot}`);
  expect(posted).toHaveLength(new Set(posted).size);
  expect(posted.filter((post) => post.startsWith('1 ') || post === '2 card')).toEqual([]);
});
