import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '#bot/log.ts';
import { startNarrator, type Narrator } from '#bot/narrator.ts';
import type { OutageTiming } from '#bot/outages.ts';
import type { Route } from '#bot/runs/routes.ts';
import { DeliveryError, type SurfaceState } from '#bot/chat/surface.ts';
import { sql } from '#db/drizzle.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { aTelling } from '../helpers/facts.ts';
import { anIntent, openHouse } from '../helpers/house.ts';
import { recordingSurface, type RecordingSurface } from '../helpers/recording-surface.ts';

const { url, database } = await testDatabase({ breaks: { 'one-open-outage': 'an end is moved into the past' } });
const house = await openHouse(url);
const { db, runs } = house;
let narrators: Narrator[] = [];

afterAll(() => house[Symbol.asyncDispose]());
afterEach(async () => {
  await Promise.all(narrators.map((narrator) => narrator.stop()));
  narrators = [];
});
beforeEach(() => emptyHouse(db));

const quick = { lookMs: 10, settleMs: 60, quietMs: 0 };

function narrate(
  surfaces: RecordingSurface[],
  { routes = [], ...outages }: Partial<OutageTiming> & { routes?: Route[] } = {},
): Narrator {
  const narrator = startNarrator({
    database,
    surfaces,
    routes,
    telling: (now) => aTelling({ now }),
    revisitMs: 600_000,
    onChain: () => {},
    onRole: () => {},
    outages: { ...quick, ...outages },
    log: createLog('silent', 'test'),
  });
  narrators = [...narrators, narrator];
  return narrator;
}

/** A surface whose state is set by hand. */
function standing(name: string): RecordingSurface & { stands: SurfaceState } {
  const well: { stands: SurfaceState } = { stands: { kind: 'up' } };
  const surface = Object.assign(recordingSurface(name), well);
  surface.state = () => surface.stands;
  return surface;
}

const why = 'Slack refuses SLACK_BOT_TOKEN (token_revoked): put a valid bot token there.';
const revoked: SurfaceState = { kind: 'down', why, needsPerson: true };

/** What was said in a channel, titles and lines. */
function said(surface: RecordingSurface, channel = surface.home): string[] {
  return surface.delivered
    .filter((one) => one.channel === channel && one.name.startsWith('0/'))
    .map((one) => [one.message.title, ...one.message.lines.map((line) => line.text)].join(' | '));
}

const cut = `Rescrape is cut off from Slack | ${why} | Runs go on. What is missed there is told as soon as this is put right.`;

describe('a surface that only a person can bring back', () => {
  it('is told of on every other one, once, and again when it is back', async () => {
    const [slack, discord, terminal] = [standing('slack'), standing('discord'), standing('console')];
    narrate([slack, discord, terminal]);
    slack.stands = revoked;
    for (const other of [discord, terminal]) await expect.poll(() => said(other)).toEqual([cut]);
    slack.stands = { kind: 'up' };
    for (const other of [discord, terminal])
      await expect.poll(() => said(other)).toEqual([cut, 'Slack is back after less than a minute']);
    expect(said(slack)).toEqual([]);
  });

  it('is told of once per outage, though the process that noticed it is gone', async () => {
    const [slack, discord] = [standing('slack'), standing('discord')];
    const first = narrate([slack, discord]);
    slack.stands = revoked;
    await expect.poll(() => said(discord)).toHaveLength(1);
    await first.stop();
    await db.execute(sql`update outages set began_at = now() - interval '12 minutes'`);
    narrate([slack, discord]);
    await runs.start(anIntent(), ['sportybet']);
    await expect.poll(() => discord.delivered.map((one) => one.name)).toContain('1/card');
    slack.stands = { kind: 'up' };
    await expect.poll(() => said(discord)).toEqual([cut, 'Slack is back after 12 min']);
  });

  it('is not told of when it heals by itself, or is well again at once', async () => {
    const [slack, discord] = [standing('slack'), standing('discord')];
    narrate([slack, discord], { settleMs: 150 });
    slack.stands = { kind: 'down', why: 'Slack cannot be reached.' };
    await runs.start(anIntent(), ['sportybet']);
    await expect.poll(() => discord.delivered.map((one) => one.name)).toEqual(['1/card']);
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (let times = 0; times < 5; times += 1) {
      slack.stands = revoked;
      await new Promise((resolve) => setTimeout(resolve, 40));
      slack.stands = { kind: 'up' };
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    expect(said(discord)).toEqual([]);
    expect(await db.execute(sql`select 1 from outages`)).toEqual([]);
  });

  it('is not told of each time when it comes and goes', async () => {
    const [slack, discord] = [standing('slack'), standing('discord')];
    narrate([slack, discord], { quietMs: 600_000 });
    slack.stands = revoked;
    await expect.poll(() => said(discord)).toHaveLength(1);
    slack.stands = { kind: 'up' };
    await expect.poll(() => said(discord)).toHaveLength(2);
    slack.stands = revoked;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(said(discord)).toHaveLength(2);
    await db.execute(sql`update outages set ended_at = now() - interval '11 minutes'`);
    await expect.poll(() => said(discord)).toHaveLength(3);
  });

  it('is not told of at all where it would be news of yesterday', async () => {
    const [slack, discord] = [standing('slack'), standing('discord')];
    let deaf = true;
    discord.before = () => {
      if (deaf) throw new DeliveryError('later', 'not now');
    };
    narrate([slack, discord]);
    slack.stands = revoked;
    await expect.poll(async () => (await db.execute(sql`select 1 from notices`)).length).toBe(1);
    // It was tried, so it may have arrived: it stays, and so does what ends it. What was never tried is taken back.
    await db.execute(sql`update notices set state = 'waiting'`);
    slack.stands = { kind: 'up' };
    await expect
      .poll(async () => (await db.execute(sql`select 1 from outages where ended_at is not null`)).length)
      .toBe(1);
    deaf = false;
    expect(said(discord)).toEqual([]);
  });
});

describe('a channel that refuses', () => {
  const closed = new DeliveryError('later', 'The bot is not in the channel: invite it.', 50, { needsPerson: true });

  it('is told of at home when it is the channel of a route, and again when it takes posts', async () => {
    const slack = standing('slack');
    let refuses = true;
    slack.before = (_kind, { channel }) => {
      if (refuses && channel === 'ops') throw closed;
    };
    const narrator = narrate([slack], { routes: [{ surface: 'slack', channel: 'ops' }] });
    await runs.start(anIntent(), ['sportybet']);
    const told = 'Rescrape cannot tell runs in the channel ops of Slack';
    await expect.poll(() => said(slack).map((text) => text.split(' | ')[0])).toEqual([told]);
    expect(narrator.troubles()).toEqual([{ name: 'slack ops', why: closed.message }]);
    refuses = false;
    await expect
      .poll(() => said(slack).map((text) => text.split(' | ')[0]))
      .toEqual([told, 'Runs are told in the channel ops of Slack again, after less than a minute']);
    expect(narrator.troubles()).toEqual([]);
    expect(said(slack, 'ops')).toEqual([]);
  });

  it('is told of on the other surface when it is the home, and one reason is told once', async () => {
    const [slack, discord] = [standing('slack'), standing('discord')];
    slack.before = () => {
      throw closed;
    };
    // Both of its channels have to be found ill before one of them is told of.
    const narrator = narrate([slack, discord], { routes: [{ surface: 'slack', channel: 'ops' }], settleMs: 2_000 });
    await runs.start(anIntent(), ['sportybet']);
    await expect
      .poll(() => said(discord).map((text) => text.split(' | ')[0]))
      .toEqual(['Rescrape cannot tell runs in Slack']);
    expect(narrator.troubles()).toEqual([{ name: 'slack', why: closed.message }]);
  });
});
