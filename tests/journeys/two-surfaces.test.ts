import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { openChatHouse, type ChatHouse } from '../helpers/chat-house.ts';
import { testDatabase } from '../helpers/database.ts';
import type { HouseProcess } from '../helpers/house-process.ts';

const { url, db } = await testDatabase();
let house: ChatHouse;
let bot: HouseProcess;

beforeAll(async () => {
  house = await openChatHouse(url, { bet9ja: 'breaks' });
  bot = house.startBot();
  await house.up();
});
afterAll(() => house[Symbol.asyncDispose]());

describe('one run, told in Slack and in Discord at once', () => {
  it('is started by a command in Slack and told in both', async () => {
    expect((await house.slack.person.command('now')).acked).toBe(true);
    for (const said of [house.onSlack, house.onDiscord]) {
      await expect.poll(() => said().join('\n')).toContain('Run 1 is partly done: 2/3 platforms complete');
      await expect.poll(() => said().filter((text) => text.includes('bet9ja broke in extract'))).toHaveLength(1);
    }
  });

  it('is retried by a press in Slack, and both cards follow', async () => {
    house.sites.sites.bet9ja.setMood('ok');
    const broken = house.slack.saying('bet9ja broke in extract');
    const press = await house.slack.person.press(broken.ts, 'v1:retry:1:bet9ja');
    expect(press.acked).toBe(true);
    const card = house.slack.standing()[0];
    await expect.poll(() => press.answers()[0]?.seen).toContain('Run 2 retries bet9ja');
    const address = `https://acme.slack.com/archives/${house.slack.channel}/p${card?.ts.replace('.', '')}`;
    expect(JSON.stringify(press.answers()[0]?.blocks)).toContain(`"url":"${address}"`);
    for (const said of [house.onSlack, house.onDiscord]) {
      await expect.poll(() => said().join('\n')).toContain('3/3 platforms complete after 1 retry (1 → 2)');
      await expect.poll(() => said().join('\n')).toContain('from Slack: complete');
    }
  });

  it('has exactly one card and one message per slot on each, and pings whoever started it, once', async () => {
    const posts = await db.execute(sql`select surface, count(*)::int as n from posts group by 1 order by 1`);
    expect([...posts]).toEqual([
      { surface: 'console', n: 5 },
      { surface: 'discord', n: 5 },
      { surface: 'slack', n: 6 },
    ]);
    expect(house.slack.standing()).toHaveLength(6);
    // Ada started it there, so there she hears that it ended badly; nobody else hears anything anywhere.
    expect(house.slack.standing().flatMap((one) => one.effects.pings)).toEqual(['<@U0ADA>']);
    expect(house.discord.world.notified).toEqual([]);
    expect(house.slack.state.rejected).toEqual([]);
    expect(house.discord.world.complaints).toEqual([]);
  });

  it('may not be touched from another channel, and the try is written down', async () => {
    await house.slack.person.command('now', { channel: 'C0OTHER' }).catch(() => null);
    await expect
      .poll(async () => (await db.execute(sql`select 1 from actions where outcome = 'refused:not_allowed'`)).length)
      .toBe(1);
    expect(await db.execute(sql`select 1 from runs`)).toHaveLength(2);
  });

  it('goes on when Slack is revoked in the middle', async () => {
    house.slack.state.revoked.bot = true;
    house.slack.state.revoked.app = true;
    house.slack.sockets.close();
    bot.type('/scrape now sportybet');
    await expect.poll(() => house.onDiscord().join('\n')).toContain('Run 3 is complete');
    expect(bot.child.exitCode).toBeNull();
    bot.child.kill('SIGTERM');
    expect(await bot.exited()).toBe(0);
  });
});
