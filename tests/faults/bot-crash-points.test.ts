/**
 * A bot is killed at one exact point: at a statement or a commit on its way to the database, or in the middle of a post
 * to Slack or Discord. Whoever is started next has to tell what is left to be told: each thing once.
 */
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readMap } from '#bot/page/map.ts';
import { readWhole } from '#bot/page/store.ts';
import { sql } from '#db/drizzle.ts';
import { openChatHouse, type ChatHouse } from '../helpers/chat-house.ts';
import { testDatabase } from '../helpers/database.ts';
import type { HouseProcess } from '../helpers/house-process.ts';
import { anIntent, openHouse } from '../helpers/house.ts';
import { watchedPostgres, type Point, type WatchedPostgres } from '../helpers/watched-postgres.ts';

const { url, db } = await testDatabase();
const settings = {
  pace: { bet9ja: { gapMs: 0 } },
  schedules: ['first', 'second'].map((name) => ({ name, cron: '0 0 1 1 *', platforms: ['bet9ja'] })),
};
let watched: WatchedPostgres;
let house: ChatHouse;
/** Whoever follows a killed bot is the next one to be killed: starting one is what takes longest. */
let bot: HouseProcess;

beforeAll(async () => {
  watched = await watchedPostgres(url);
  house = await openChatHouse(watched.url, {}, settings);
  bot = house.startBot();
  await house.up();
});
beforeEach(() => {
  house.sites.sites.bet9ja.setMood('ok');
  if (bot.child.exitCode !== null || bot.child.signalCode !== null) bot = house.startBot();
});
afterEach(async () => {
  await isToldOnce();
  expect(house.slack.state.rejected).toEqual([]);
  expect(house.discord.world.complaints).toEqual([]);
});
afterAll(async () => {
  await house[Symbol.asyncDispose]();
  await watched[Symbol.asyncDispose]();
});

const kill = () => void bot.child.kill('SIGKILL');
const killedAt = (point: Point) => watched.stopAt(point, kill);
const request = /insert into actions/;

/** Starts the next bot. The fifteen seconds in which the one before might be heard of are over: P1 waits for them. */
async function follow(): Promise<void> {
  await bot.exited();
  await db.execute(sql`update jobs set heartbeat_at = now() - interval '16 seconds' where status = 'running'`);
  bot = house.startBot();
}

async function runs(): Promise<string[]> {
  const rows = await db.execute<{ is: string }>(sql`select trigger || ' ' || status as is from runs order by id`);
  return rows.map((row) => row.is);
}

/** What came to the services, and what is noted of it: the same, and each post once. */
async function isToldOnce(): Promise<void> {
  const came = {
    slack: () => house.slack.state.messages.map(({ metadata }) => metadata && JSON.stringify(metadata)),
    discord: () =>
      [...house.discord.world.messages.values()].map(({ channel, nonce }) => nonce && `${channel} ${nonce}`),
  };
  for (const surface of ['slack', 'discord'] as const) {
    const posts = () => came[surface]().filter((name) => name !== null);
    const noted = sql`select 1 from posts where surface = ${surface} and state = 'posted'
                      union all select 1 from notices where surface = ${surface} and state = 'posted'`;
    await expect.poll(async () => posts().length - (await db.execute(noted)).length).toBe(0);
    expect(posts()).toHaveLength(new Set(posts()).size);
  }
}

async function tells(words: string): Promise<void> {
  for (const said of [house.onSlack, house.onDiscord]) await expect.poll(() => said().join('\n')).toContain(words);
}

/** Types in Slack; resolves when Slack has heard, or when it tells that nobody answered. */
const type = (line: string) => house.slack.person.command(line);

/** A bot that takes what people do in Discord. */
async function upInDiscord(): Promise<void> {
  await expect.poll(async () => (await house.discord.people.command('help')).kind).toBe('message');
}

/** A run that is broken, with a button under what broke; its number. */
async function brokenRun(): Promise<number> {
  house.sites.sites.bet9ja.setMood('blocked');
  await house.up();
  const run = (await runs()).length + 1;
  await type('now bet9ja');
  await tells(`Run ${run} failed`);
  await expect.poll(() => house.slack.standing().filter(({ blocks }) => carries(blocks, run))).toHaveLength(1);
  await expect
    .poll(() => [...house.discord.world.messages.values()].filter((one) => carries(one.components, run)))
    .toHaveLength(1);
  house.sites.sites.bet9ja.setMood('ok');
  return run;
}

const retryOf = (run: number) => `v1:retry:${run}:bet9ja`;
const carries = (shown: unknown, run: number) => JSON.stringify(shown).includes(`"${retryOf(run)}"`);

describe('a bot that is killed while somebody asks for a run', () => {
  it('before the run is committed: nothing was started, the person sees that, and asks again', async () => {
    const before = await runs();
    const killed = killedAt({ statement: request, commit: true, when: 'before' });
    const asked = type('now bet9ja');
    await killed;
    await follow();
    expect((await asked).acked).toBe(false);
    await house.up();
    expect(await runs()).toEqual(before);
    await type('now bet9ja');
    await tells(`Run ${before.length + 1} is complete`);
  });

  it('when the run is committed and nothing answered: it is scraped, and a second delivery starts no other', async () => {
    const before = await runs();
    const killed = killedAt({ statement: request, commit: true, when: 'after' });
    const asked = type('now bet9ja');
    await killed;
    await follow();
    const heard = await asked;
    expect(heard.acked).toBe(false);
    await tells(`Run ${before.length + 1} is complete`);
    await house.up();
    expect((await heard.again()).acked).toBe(true);
    expect(await runs()).toEqual([...before, 'slack completed']);
  });
});

describe('a bot that is killed while it tells', () => {
  /** Asks for a run, whose bot is killed when what `comes` returned resolves; the next one has to tell it. */
  async function toldByTheNext(comes: () => Promise<void>): Promise<void> {
    await house.up();
    const before = await runs();
    await areTold(before.length);
    const come = comes();
    void type('now bet9ja');
    await come;
    kill();
    await follow();
    await tells(`Run ${before.length + 1} is complete`);
    expect(await runs()).toEqual([...before, 'slack completed']);
  }

  /** Nothing of the runs before is left to be told, or the bot would be killed over that: a card and a reply, on three surfaces. */
  async function areTold(count: number): Promise<void> {
    const told = sql`select 1 from posts where state = 'posted'`;
    await expect.poll(async () => (await db.execute(told)).length).toBe(count * 2 * 3);
  }

  it('P2 when a run has ended and nothing of that is told: its end is told once', async () => {
    await toldByTheNext(() =>
      killedAt({ statement: /update runs set status = \$1, finished_at/, commit: true, when: 'after' }),
    );
  });

  it('when it has written down that it will post: the next one does', async () => {
    await toldByTheNext(() => killedAt({ statement: /insert into posts/, when: 'after' }));
  });

  it('P3 when Slack was asked to post and has not: the next one posts it', async () => {
    await toldByTheNext(() => {
      house.slack.fail('chat.postMessage', { kind: 'hang' });
      return hangs();
    });
  });

  it('P3 when Slack has posted and nobody knows where: the next one finds it, and does not post it again', async () => {
    await toldByTheNext(() => {
      house.slack.fail('chat.postMessage', { kind: 'hang', accept: true });
      return hangs();
    });
  });

  it('P3 when Discord has posted and nobody knows where: the next one finds it, and does not post it again', async () => {
    await toldByTheNext(() => {
      house.discord.faults.arm('POST /channels/:id/messages', { kind: 'hang', after: true });
      return expect.poll(() => house.discord.faults.left()).toBe(0);
    });
  });

  it('when it is stored where a post stands: the next one goes on below it', async () => {
    await toldByTheNext(() => killedAt({ statement: /update posts set state = 'posted'/, when: 'after' }));
  });

  async function hangs(): Promise<void> {
    const hung = () => house.slack.state.calls.filter(({ answer }) => answer === 'hang').length;
    const before = hung();
    await expect.poll(hung).toBe(before + 1);
  }
});

describe('a bot that is killed while somebody presses a button', () => {
  it('P4 before the retry is committed: Discord says that nobody answered, and the second press starts the one retry', async () => {
    const run = await brokenRun();
    await upInDiscord();
    const press = () => house.discord.people.press(house.bearing(retryOf(run)), retryOf(run));
    const before = await runs();
    const killed = killedAt({ statement: request, commit: true, when: 'before' });
    const pressed = press();
    await killed;
    await follow();
    expect(await pressed).toEqual({ kind: 'failed' });
    await upInDiscord();
    expect(await runs()).toEqual(before);
    await press();
    await tells(`complete after 1 retry (${run} → ${run + 1})`);
    expect(await runs()).toEqual([...before, `retry:${run} completed`]);
  });

  it('P4 when the retry is committed and nothing answered: it is made, and the second press starts no other', async () => {
    const run = await brokenRun();
    const post = house.slack.standing().find(({ blocks }) => carries(blocks, run));
    if (post === undefined) throw new Error('there is no button to press');
    const shown = structuredClone(post.blocks);
    const press = () => house.slack.person.press(post.ts, retryOf(run), { shown });
    const before = await runs();
    const killed = killedAt({ statement: request, commit: true, when: 'after' });
    const pressed = press();
    await killed;
    await follow();
    expect((await pressed).acked).toBe(false);
    await tells(`complete after 1 retry (${run} → ${run + 1})`);
    await house.up();
    const again = await press();
    const answers = () => again.answers().map(({ seen }) => seen);
    await expect.poll(answers).toEqual([expect.stringContaining(`run ${run + 1}`)]);
    expect(await runs()).toEqual([...before, `retry:${run} completed`]);
  });
});

describe('a bot that is killed while it starts a run by itself', () => {
  /** One time of the schedule has come. */
  const comesDue = (name: string) =>
    db.execute(sql`update schedules set since = date_trunc('year', now()) - interval '1 hour' where name = ${name}`);
  const started = (name: string) =>
    db.execute(sql`select run_id from schedule_slots where schedule = ${name} and outcome = 'run'`);

  it('before a time of a schedule is committed with its run: the next one starts it', async () => {
    const before = await runs();
    const killed = killedAt({ statement: /insert into schedule_slots/, commit: true, when: 'before' });
    await comesDue('first');
    await killed;
    expect(await runs()).toEqual(before);
    expect(await started('first')).toHaveLength(0);
    await follow();
    await tells(`Run ${before.length + 1} is complete`);
    expect(await runs()).toEqual([...before, 'schedule:first completed']);
  });

  it('when a time of a schedule is committed with its run: the next one scrapes it, and starts no other', async () => {
    const before = await runs();
    const killed = killedAt({ statement: /insert into schedule_slots/, commit: true, when: 'after' });
    await comesDue('second');
    await killed;
    expect(await started('second')).toHaveLength(1);
    await follow();
    await tells(`Run ${before.length + 1} is complete`);
    expect(await runs()).toEqual([...before, 'schedule:second completed']);
  });

  it('when the re-scrape of a run that lost its connection is committed: it is made once', async () => {
    await using services = await openHouse(url);
    await house.up();
    house.slack.sockets.refuse(true);
    house.slack.sockets.drop();
    await isNoted('down_since');
    const before = await runs();
    await services.runs.start(anIntent({ surface: 'slack' }), ['bet9ja']);
    await expect.poll(runs).toEqual([...before, 'slack connection_failed']);
    const killed = killedAt({ statement: /insert into runs/, commit: true, when: 'after' });
    house.slack.sockets.refuse(false);
    await isNoted('up_since');
    await killed;
    await follow();
    await tells(`Run ${before.length + 1}: 1/1 platform complete after scraping again`);
    expect(await runs()).toEqual([...before, 'slack connection_failed', `rescrape:${before.length + 1} completed`]);
  });

  /** How Slack is linked has been noted, and a minute passes. */
  async function isNoted(since: 'down_since' | 'up_since'): Promise<void> {
    const noted = () =>
      db.execute(sql`
      update surface_links set ${sql.raw(since)} = now() - interval '1 minute'
      where surface = 'slack' and (up_since is not null) = ${since === 'up_since'} returning surface`);
    await expect.poll(noted).toHaveLength(1);
  }
});

describe('a bot that is killed when it has just shown a new status page', () => {
  it('is followed by one that goes on from there: each file is what the page says it is, and none is left over', async () => {
    const statusDir = join(house.dataDir, 'status');
    await house.up();
    const run = (await runs()).length + 1;
    const shows = async () => (await readMap(statusDir))?.newest;
    void type('now bet9ja');
    await expect.poll(shows).toBe(run);
    kill();
    await follow();
    await tells(`Run ${run} is complete`);
    await expect.poll(async () => (await readMap(statusDir))?.open).toEqual([]);
    const stands = async () => [...(await readWhole(statusDir)).keys()].map(fileOf).sort();
    const files = () =>
      readdirSync(join(statusDir, 'current'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(join(statusDir, 'current'), join(entry.parentPath, entry.name)))
        .sort();
    await expect
      .poll(async () => ({ files: files(), isWhole: String(files()) === String(await stands()) }))
      .toMatchObject({ isWhole: true });
    expect(files()).toContain(`runs/${run}/index.html`);
  });

  const fileOf = (path: string) => (path.endsWith('/') ? `${path.slice(1)}index.html` : path.slice(1));
});
