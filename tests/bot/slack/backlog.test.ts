import { afterAll, expect, it } from 'vitest';
import { createLog } from '#bot/log.ts';
import { startNarrator } from '#bot/narrator.ts';
import { testDatabase } from '../../helpers/database.ts';
import { aTelling } from '../../helpers/facts.ts';
import { anIntent, openHouse } from '../../helpers/house.ts';
import { openSlack, type OpenSlack } from './open-slack.ts';

const { url, database } = await testDatabase();
const house = await openHouse(url);
afterAll(() => house[Symbol.asyncDispose]());

/** Each is told in three messages: its card, and what each of two platforms delivered. */
const RUNS = 334;
const BURST = 5;
const PACE_MS = 8;

async function wholeRuns(count: number): Promise<void> {
  for (let run = 0; run < count; run += 1) {
    await house.runs.start(anIntent(), ['sportybet', 'bet9ja']);
    await house.workAll();
  }
}

function narrate({ surface }: OpenSlack) {
  return startNarrator({
    database,
    surfaces: [surface],
    telling: (now) => aTelling({ now }),
    revisitMs: 600_000,
    onChain: () => {},
    onRole: () => {},
    log: createLog('silent', 'test'),
  });
}

it('a thousand messages that wait for one channel come in their order, each once, and no faster than Slack takes them', async () => {
  await using one = await openSlack({ timing: { burst: BURST, paceMs: PACE_MS } });
  const titles = () => one.slack.standing().map(({ seen }) => seen);
  const narrator = narrate(one);
  await wholeRuns(1);
  await expect.poll(() => titles().length).toBe(3);
  await narrator.stop();
  // Nobody tells anything meanwhile.
  await wholeRuns(RUNS - 1);
  const before = one.slack.state.calls.length;
  const again = narrate(one);
  await expect.poll(() => titles().length, { timeout: 200_000 }).toBe(3 * RUNS);
  await again.stop();

  const standing = one.slack.standing();
  const cards = standing.filter(({ thread }) => thread === null);
  expect(cards.map(({ seen }) => /Run (\d+) is complete/.exec(seen)?.[1])).toEqual(
    Array.from({ length: RUNS }, (_each, index) => String(index + 1)),
  );
  for (const [index, { ts }] of cards.entries()) {
    const replies = standing.slice(3 * index + 1, 3 * index + 3);
    expect(replies.map(({ thread }) => thread)).toEqual([ts, ts]);
    expect(replies.map(({ seen }) => seen)).toEqual([
      expect.stringMatching(/sportybet delivered/),
      expect.stringMatching(/bet9ja delivered/),
    ]);
  }
  const posts = one.slack.state.calls.slice(before).filter(({ method }) => method === 'chat.postMessage');
  expect(posts).toHaveLength(3 * (RUNS - 1));
  // Over a hundred calls a late one does not count; the pace is kept between being sent and being taken.
  for (let first = 0; first + 100 < posts.length; first += 1) {
    const took = (posts[first + 100]?.at ?? 0) - (posts[first]?.at ?? 0);
    expect(took).toBeGreaterThan(0.8 * PACE_MS * (100 - BURST));
  }
  expect(one.slack.state.rejected).toEqual([]);
}, 240_000);
