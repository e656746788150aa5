import { describe, expect, it } from 'vitest';
import { threadOf } from '#bot/chat/thread.ts';
import type { StreakFacts } from '#db/run-facts.ts';
import { conversation, golden } from '../../helpers/conversation.ts';
import { aBrokenJob, aChain, after, aJob, aRun, aTelling, NOON } from '../../helpers/facts.ts';

const told = aTelling();
const first: StreakFacts = { before: 0, since: null, firstRun: null, previousAt: null, recovered: null };
const twelfth: StreakFacts = { ...first, before: 11, since: after(-32_000), firstRun: 45, previousAt: after(-3_600) };

function broken(streak: StreakFacts, id = 56) {
  return aChain(aRun({ id, rootId: id, status: 'partial', jobs: [aBrokenJob({ runId: id, streak })] }));
}

const announced = (streak: StreakFacts, job = {}) =>
  threadOf(aChain(aRun({ status: 'partial', jobs: [aBrokenJob({ streak, ...job })] })), told).some(
    (post) => post.announce,
  );

describe('a platform that keeps failing', () => {
  it('is told with how often and since when, and where it began that it works again', async () => {
    const recovered = { run: 57, at: after(1_800) };
    const well = aJob({ runId: 57, platform: 'bet9ja', streak: twelfth });
    const said = [
      conversation(broken(twelfth), told),
      conversation(broken({ ...first, recovered }, 45), aTelling({ now: after(3_600) })),
      conversation(aChain(aRun({ id: 57, rootId: 57, jobs: [well] })), told),
    ];
    await expect(said.join('\n')).toMatchFileSnapshot(golden('streak'));
  });

  it('counts well', () => {
    const nth = (before: number) => conversation(broken({ ...twelfth, before }), told);
    for (const [before, words] of [
      [1, '2nd'],
      [2, '3rd'],
      [10, '11th'],
      [11, '12th'],
      [20, '21st'],
      [111, '112th'],
    ] as const) {
      expect(nth(before)).toContain(`– ${words} run in a row since`);
    }
  });

  it('is shown to the whole channel the first time, and once a day after that', () => {
    const day = 86_400;
    expect(announced(first)).toBe(true);
    expect(announced(twelfth)).toBe(false);
    const since = after(-day + 1);
    expect(announced({ ...twelfth, since, previousAt: after(-3_600) })).toBe(true);
    expect(announced({ ...twelfth, since, previousAt: after(2) })).toBe(false);
    expect(announced({ ...twelfth, since: after(-3 * day), previousAt: NOON }, { finishedAt: after(60) })).toBe(false);
  });

  it('is said to work again once, by the mute or the breaker that ended with it where there was one', () => {
    const run = aRun({ id: 57, rootId: 57, jobs: [aJob({ runId: 57, platform: 'bet9ja', streak: twelfth })] });
    const titles = (chain: ReturnType<typeof aChain>) =>
      threadOf(chain, told).filter((post) => post.message.title.includes('works again'));
    expect(titles(aChain(run))).toHaveLength(1);
    const term = {
      platform: 'bet9ja',
      failures: 5,
      failingSince: NOON,
      kind: 'blocked',
      openedAt: NOON,
      openedRun: 50,
      nextProbeAt: NOON,
      probes: 0,
      closedAt: after(5),
      closedRun: 57,
    } as const;
    expect(titles({ ...aChain(run), breakers: [term] })).toHaveLength(1);
  });
});
