import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { openChatHouse, type ChatHouse } from '../helpers/chat-house.ts';
import { testDatabase } from '../helpers/database.ts';
import type { HouseProcess } from '../helpers/house-process.ts';

const { url, db } = await testDatabase();
let house: ChatHouse;
let first: HouseProcess;
let second: HouseProcess;

beforeAll(async () => {
  house = await openChatHouse(url, { bet9ja: 'breaks', betpawa: 'drifted' });
  first = house.startBot();
  await house.up();
  second = house.startBot();
  // Two connections to Slack for each of them; one of them speaks in Discord.
  await vi.waitUntil(() => house.slack.sockets.open === 4, { timeout: 55_000 });
});
afterAll(() => house[Symbol.asyncDispose]());

const told = (words: string | RegExp) =>
  Promise.all(
    [house.onSlack, house.onDiscord].map((said) =>
      expect.poll(() => said().join('\n'), { timeout: 40_000 }).toMatch(words),
    ),
  );

async function actions(name: string): Promise<{ id: string; outcome: string }[]> {
  const rows = await db.execute<{ id: string; outcome: string }>(
    sql`select id, outcome from actions where name = ${name} order by at`,
  );
  return [...rows];
}

describe('two bots on one database with the same tokens', () => {
  it('tell a run once, in one thread on each surface', async () => {
    await house.slack.person.command('now');
    await told('Run 1 is partly done: 1/3 platforms complete');
    await told('bet9ja broke in extract');
    await told('betpawa');
    const cards = (said: string[]) => said.filter((text) => text.includes('Run 1 is partly done'));
    expect(cards(house.onSlack())).toHaveLength(1);
    expect(cards(house.onDiscord())).toHaveLength(1);
  });

  it('take each press in Slack once, whichever of them Slack gives it to', async () => {
    const { slack } = house;
    const post = slack.saying('bet9ja broke in extract');
    const shown = structuredClone(post.blocks);
    house.sites.sites.bet9ja.setMood('ok');
    const presses = await Promise.all(
      Array.from({ length: 12 }, () => slack.person.press(post.ts, 'v1:retry:1:bet9ja', { shown })),
    );
    for (const press of presses) expect(press.acked).toBe(true);
    // Slack hands the same press in again, to the other of them.
    for (const press of presses) await press.again();
    await told('2/3 platforms complete after 1 retry');
    const written = await actions('retry');
    expect(written).toHaveLength(12);
    expect(written.filter((one) => one.outcome === 'started')).toHaveLength(1);
  });

  it('take each press in Discord once, as one of them listens', async () => {
    const { discord } = house;
    house.sites.sites.betpawa.setMood('ok');
    const bearer = house.bearing('v1:retry:1:betpawa');
    expect(discord.gateway.identifies).toBe(1);
    const pressed = await discord.people.press(bearer, 'v1:retry:1:betpawa');
    expect(pressed).toMatchObject({
      kind: 'message',
      text: expect.stringContaining('Run 3 retries betpawa') as string,
    });
    await told(/3\/3 platforms complete after 2 retries \(1 → 2 → 3\)/);
    expect(await actions('retry')).toHaveLength(13);
  });

  it('go on when one of them dies: the other speaks, and hears Discord', async () => {
    const { slack, discord } = house;
    await first.kill('SIGKILL');
    await expect.poll(() => discord.gateway.identifies, { timeout: 40_000 }).toBe(2);
    await expect.poll(() => slack.sockets.open).toBe(2);
    const heard = async () => (await discord.people.command('status')).kind;
    await expect.poll(heard, { timeout: 30_000 }).toBe('message');
    await discord.people.command('now', { platforms: 'sportybet' });
    await told('Run 4 is complete');
    const said = await slack.person.command('now sportybet');
    expect(said.acked).toBe(true);
    await told('Run 5 is complete');
    for (const run of [4, 5]) {
      const cards = house.onSlack().filter((text) => text.includes(`Run ${run} is complete`));
      expect(cards).toHaveLength(1);
    }
    expect(slack.state.rejected).toEqual([]);
    expect(discord.world.complaints).toEqual([]);
    second.child.kill('SIGTERM');
    expect(await second.exited()).toBe(0);
  });
});
