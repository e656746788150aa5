import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { openChatHouse, type ChatHouse } from '../helpers/chat-house.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import type { HouseProcess } from '../helpers/house-process.ts';

const { url, db } = await testDatabase();
const patience = { timeout: 60_000, interval: 100 };
/** One platform at a time, and waits that a test can wait for. */
const settings = { parallelPlatforms: 1, connectionLoss: { graceSeconds: 1, stableSeconds: 2 } };
let house: ChatHouse;
let bot: HouseProcess;

beforeEach(async () => {
  house = await openChatHouse(url, { sportybet: 'stalls' }, settings);
  bot = house.startBot();
  await house.up();
});
afterEach(async () => {
  await house[Symbol.asyncDispose]();
  await emptyHouse(db);
});

const onSlack = () => house.onSlack().join('\n');
const onDiscord = () => house.onDiscord().join('\n');

/** Slack hands nothing in and takes no new connection, or is there again. */
function slackIs(there: boolean): void {
  house.slack.sockets.refuse(!there);
  if (!there) house.slack.sockets.drop();
}

/** Resolves when the surface was noted as down for longer than the grace. */
async function isMissed(surface: string): Promise<void> {
  const missed = sql`select 1 from surface_links where surface = ${surface} and up_since is null
    and down_since < now() - interval '1.2 seconds'`;
  await expect.poll(async () => (await db.execute(missed)).length, patience).toBe(1);
}

async function runs(): Promise<string[]> {
  const rows = await db.execute<{ is: string }>(sql`select trigger || ' ' || status as is from runs order by id`);
  return rows.map((row) => row.is);
}

/** The first platform is being scraped, and goes on only when `goOn` is called. */
async function isScraping(said: () => string): Promise<void> {
  await expect.poll(said, patience).toContain('31 of 48 events');
}
const goOn = () => house.sites.sites.sportybet.setMood('ok');

async function isWholeAgain(surface: 'Slack' | 'Discord', notBegun: string): Promise<void> {
  for (const said of [onSlack, onDiscord]) {
    await expect.poll(said, patience).toMatch(/Run 1: 3\/3 platforms complete after scraping again \(1 → 2\)/);
    expect(said().match(/Connection lost: /g)).toHaveLength(1);
    expect(said()).toContain(`so ${notBegun} were not started`);
    const back = new RegExp(`${surface} was back: run 2 scraped ${notBegun}`, 'g');
    await expect.poll(() => said().match(back)?.length, patience).toBe(1);
  }
  expect(await runs()).toEqual([`${surface.toLowerCase()} connection_failed`, 'rescrape:1 completed']);
  expect(house.slack.state.rejected).toEqual([]);
  expect(house.discord.world.complaints).toEqual([]);
}

describe('a run whose chat goes away before its second platform', { timeout: 300_000 }, () => {
  it('in Slack, which comes and goes twenty times: told in two lines, scraped again once', async () => {
    await house.slack.person.command('now');
    await isScraping(onDiscord);
    for (let flap = 0; flap < 20; flap += 1) {
      const { greeted } = house.slack.sockets;
      house.slack.sockets.drop();
      await expect.poll(() => house.slack.sockets.greeted, patience).toBeGreaterThan(greeted);
      // What closes sooner is tried again later and later, and the run would not wait that long.
      await sleep(1_200);
    }
    slackIs(false);
    await isMissed('slack');
    goOn();
    await expect.poll(onDiscord, patience).toContain('Run 1: Connection lost, 1/3 platforms complete');
    expect(bot.errors()).toMatch(/"lastBegun":"sportybet".*a run lost its connection/);
    slackIs(true);
    await isWholeAgain('Slack', 'bet9ja and betpawa');
  });

  it('in Discord, and the bot is killed while it is away: the next one does the same', async () => {
    const { discord } = house;
    void discord.people.command('now');
    await isScraping(onSlack);
    discord.gateway.refusing = true;
    discord.gateway.cut();
    await isMissed('discord');
    goOn();
    await expect.poll(onSlack, patience).toContain('Run 1: Connection lost, 1/3 platforms complete');
    await bot.kill('SIGKILL');
    discord.gateway.refusing = false;
    bot = house.startBot();
    await isWholeAgain('Discord', 'bet9ja and betpawa');
  });
});
