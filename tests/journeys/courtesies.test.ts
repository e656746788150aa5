import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { openChatHouse, type ChatHouse } from '../helpers/chat-house.ts';
import { testDatabase } from '../helpers/database.ts';
import type { HouseProcess } from '../helpers/house-process.ts';

const { url, db } = await testDatabase();
const grace = { userId: '77', name: 'Grace' };
let house: ChatHouse;
let bot: HouseProcess;

beforeAll(async () => {
  house = await openChatHouse(url, { bet9ja: 'breaks' });
  bot = house.startBot();
  await house.up();
});
afterAll(() => house[Symbol.asyncDispose]());

const onSlack = () => house.onSlack().join('\n');
const onDiscord = () => house.onDiscord().join('\n');
const pings = () => ({
  slack: house.slack.standing().flatMap((one) => one.effects.pings),
  discord: house.discord.world.notified,
});

describe('the courtesies of a run, in Slack and in Discord at once', () => {
  it('mention whoever started it when it ended badly, where they did, and nobody else', async () => {
    expect((await house.slack.person.command('now bet9ja')).acked).toBe(true);
    for (const said of [onSlack, onDiscord]) await expect.poll(said).toContain('bet9ja broke in extract');
    await expect.poll(onSlack).toContain('Your run 1 is partly done: bet9ja blocked us');
    expect(pings()).toEqual({ slack: ['<@U0ADA>'], discord: [] });
    expect(onDiscord()).not.toContain('Your run 1');
  });

  it('mute what broke by a press, and both surfaces say so', async () => {
    const broken = house.slack.saying('bet9ja broke in extract');
    const press = await house.slack.person.press(broken.ts, 'v1:mute:1:bet9ja');
    await expect.poll(() => press.answers().map((one) => one.seen)).toHaveLength(1);
    expect(press.answers()[0]?.seen).toContain('bet9ja is muted until it works.');
    for (const said of [onSlack, onDiscord]) {
      await expect.poll(said).toContain('muted by Ada since');
      await expect.poll(said).toContain('Unmute bet9ja');
    }
  });

  it('leave whoever starts the next one in peace while it is muted', async () => {
    void house.discord.people.command('now', { platforms: 'bet9ja' }, grace);
    for (const said of [onSlack, onDiscord]) {
      await expect.poll(said).toMatch(/Run 2 is partly done: 0\/1 platform complete, bet9ja muted/);
    }
    expect(pings()).toEqual({ slack: ['<@U0ADA>'], discord: [] });
  });

  it('say once that it works again, and whose mute that ended', async () => {
    house.sites.sites.bet9ja.setMood('ok');
    await house.slack.person.command('retry 2');
    for (const said of [onSlack, onDiscord]) {
      await expect
        .poll(said)
        .toMatch(/bet9ja works again, and its mute has ended \(it was muted by Ada since \d\d:\d\d\)/);
      expect(said().match(/works again/g)).toHaveLength(1);
    }
  });

  it('cancel a run that works by the button on its card: what is stored stays, the sites are left alone', async () => {
    house.sites.sites.sportybet.setMood('stalls');
    void house.discord.people.command('now', { platforms: 'sportybet' }, grace);
    const stored = () =>
      db.execute(sql`select 1 from work_items w join jobs j on j.id = w.job_id
      where j.run_id = 4 and w.status = 'done'`);
    await expect.poll(async () => (await stored()).length).toBe(31);
    const card = house.bearing('v1:cancel:4');
    const press = await house.discord.people.press(card, 'v1:cancel:4', grace);
    expect(press).toMatchObject({ kind: 'message', private: true });
    for (const said of [onSlack, onDiscord]) await expect.poll(said).toContain('Run 4 was cancelled by Grace');
    expect(await db.execute(sql`select status from jobs where run_id = 4`)).toEqual([{ status: 'cancelled' }]);
    expect(await stored()).toHaveLength(31);
    house.sites.sites.sportybet.setMood('ok');
    house.sites.sites.sportybet.clearRequests();
    await house.slack.person.command('retry 4');
    await expect.poll(onSlack).toContain('1/1 platform complete after 1 retry (4 → 5)');
    // What was asked for when it was cancelled is asked for once more, and nothing that is stored.
    expect(house.sites.sites.sportybet.requests).toHaveLength(17);
    expect(await stored()).toHaveLength(31);
  });

  it('tell somebody whose run another person cancelled, and refuse what has ended', async () => {
    house.sites.sites.sportybet.setMood('stalls');
    void house.discord.people.command('now', { platforms: 'sportybet' }, grace);
    await expect.poll(onSlack).toMatch(/Run 6 is (about to start|running)/);
    await house.slack.person.command('cancel 6');
    await expect.poll(onDiscord).toContain('Run 6 was cancelled by Ada, from Slack');
    await expect.poll(() => pings()).toEqual({ slack: ['<@U0ADA>'], discord: ['77'] });
    const again = await house.slack.person.command('cancel 6');
    expect(again.answers().at(-1)?.seen).toContain('Run 6 has ended already: it was cancelled by Ada.');
  });

  it('wrote everything down, and broke no rule of either service', async () => {
    const actions = await db.execute(sql`select actor ->> 'name' as who, name, outcome from actions
      where name in ('cancel', 'mute', 'unmute') order by at`);
    expect([...actions]).toEqual([
      { who: 'Ada', name: 'mute', outcome: 'done' },
      { who: 'Grace', name: 'cancel', outcome: 'done' },
      { who: 'Ada', name: 'cancel', outcome: 'done' },
      { who: 'Ada', name: 'cancel', outcome: 'refused:already_ended' },
    ]);
    expect(house.slack.state.rejected).toEqual([]);
    expect(house.discord.world.complaints).toEqual([]);
    expect(house.discord.world.pings).toEqual([]);
    bot.child.kill('SIGTERM');
    expect(await bot.exited()).toBe(0);
  });
});
