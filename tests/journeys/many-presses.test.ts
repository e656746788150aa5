import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { openChatHouse, type ChatHouse } from '../helpers/chat-house.ts';
import { testDatabase } from '../helpers/database.ts';

const { url, db } = await testDatabase();
const PRESSES = 500;
const action = 'v1:retry:1:bet9ja';
let house: ChatHouse;

beforeAll(async () => {
  house = await openChatHouse(url, { bet9ja: 'breaks' });
  // Who is asked late is answered late; here it counts that everybody is.
  house.discord.world.ackMs = 60_000;
  house.startBot();
  await house.up();
  await house.slack.person.command('now');
  for (const said of [house.onSlack, house.onDiscord]) {
    await vi.waitUntil(() => said().join('\n').includes('bet9ja broke in extract'), { timeout: 30_000 });
  }
  house.sites.sites.bet9ja.setMood('ok');
});
afterAll(() => house[Symbol.asyncDispose]());

const count = async (what: ReturnType<typeof sql>) => (await db.execute(what)).length;

/** A message as people still see it while the first press changes it. */
interface Seen {
  id: string;
  shown: Record<string, unknown>[];
}

/** Everybody presses at once; what each of them was told. */
async function burst(onSlack: Seen, onDiscord: Seen): Promise<string[]> {
  const { slack, discord } = house;
  const before = slack.state.privately.length;
  const each = <T>(act: () => Promise<T>) => Promise.all(Array.from({ length: PRESSES }, act));
  const [, answers] = await Promise.all([
    each(() => slack.person.press(onSlack.id, action, onSlack)),
    each(() => discord.people.press(onDiscord.id, action, onDiscord)),
  ]);
  const told = () => slack.state.privately.slice(before).filter((one) => !one.seen.includes('follows here'));
  // One whose answer was slow to arrive may be answered twice.
  await expect.poll(() => told().length).toBeGreaterThanOrEqual(PRESSES);
  return [...told().map((one) => one.seen), ...answers.map((one) => (one.kind === 'message' ? one.text : one.kind))];
}

describe('one button, pressed by five hundred people in Slack and five hundred in Discord at the same moment', () => {
  it('starts one retry run, and everyone is answered', async () => {
    const { slack, discord } = house;
    const { ts, blocks } = slack.saying('bet9ja broke in extract');
    const id = house.bearing(action);
    const onSlack = { id: ts, shown: structuredClone(blocks) };
    const onDiscord = { id, shown: structuredClone(discord.world.messages.get(id)?.components ?? []) };
    const texts: string[] = [];
    // On a machine that is too busy all may be told that nothing was started, and to try again: they do.
    for (let round = 1; round <= 3 && !texts.some((text) => text.includes('Run 2')); round += 1) {
      texts.push(...(await burst(onSlack, onDiscord)));
    }
    expect(texts.filter((text) => text.includes('Run 2 retries bet9ja'))).toHaveLength(1);
    for (const text of texts) expect(text).toMatch(/Run 2 retries bet9ja|Nothing was started/);
    expect(await count(sql`select 1 from runs`)).toBe(2);
    expect(await count(sql`select 1 from actions where name = 'retry' and outcome = 'started'`)).toBe(1);
  });

  it('leaves both cards with the result of that one retry', async () => {
    for (const said of [house.onSlack, house.onDiscord]) {
      await expect.poll(() => said().join('\n')).toContain('3/3 platforms complete after 1 retry (1 → 2)');
    }
    expect(house.slack.state.rejected).toEqual([]);
    expect(house.discord.world.complaints).toEqual([]);
  });
});
