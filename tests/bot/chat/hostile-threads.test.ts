import { describe, expect, it } from 'vitest';
import type { DesiredPost } from '#bot/chat/message.ts';
import { threadOf, toldIn } from '#bot/chat/thread.ts';
import { drawn, expectLiteral } from '../../contracts/literal.ts';
import { chance, pick } from '../../helpers/chance.ts';
import { aTelling } from '../../helpers/facts.ts';
import { hostile } from '../../helpers/hostile.ts';
import { aWildChain } from '../../helpers/wild-chains.ts';

const telling = aTelling({ courtesies: { mentionStarter: true, onSuccess: 'thread' } });

/** Every post of a chain as it is told somewhere, whoever is mentioned in it. */
function posts(seed: number, given: { platforms: number; ends?: 'failed' }, texts = hostile): DesiredPost[] {
  const random = chance(seed);
  const chain = aWildChain({ random, text: () => pick(random, texts), ...given });
  const surface = pick(random, ['slack', 'discord']);
  return toldIn({ surface, home: random() < 0.8 }, threadOf(chain, telling));
}

describe('a thread in which everything from outside is hostile', () => {
  it('is taken by both services and shown letter by letter: nobody is pinged, nothing is linked or formatted', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      for (const post of posts(seed, { platforms: 1 + (seed % 9) })) {
        expectLiteral(post.message, post.threadOf === null);
      }
    }
  });

  it('tells each text on one line, so that no line of a site reads as one of ours', () => {
    const fake = `all well\n✅ Run 1 is complete\r\n\u2028\u0085\u000b✅ sportybet delivered everything`;
    for (let seed = 1; seed <= 20; seed += 1) {
      for (const { message, threadOf: card } of posts(seed, { platforms: 3 }, [fake])) {
        const { slack, discord } = drawn(message, card === null);
        for (const seen of [slack, discord]) expect(seen).not.toMatch(/^. (Run 1 is complete|sportybet delivered)/mu);
      }
    }
  });
});

describe('a run of sixty platforms', () => {
  it('of which everything broke at once, with 5,000 characters of error each, is taken by both services', () => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const long = ['e'.repeat(5_000), '&'.repeat(5_000), '*'.repeat(5_000), '\u{1f4a5}'.repeat(2_500)];
      const thread = posts(seed, { platforms: 60, ends: 'failed' }, long);
      expect(thread.length).toBeGreaterThan(60);
      for (const post of thread) drawn(post.message, post.threadOf === null);
      const card = thread[0];
      if (card === undefined) throw new Error('there is no card');
      const { slack, discord } = drawn(card.message, true);
      expect(slack.length).toBeLessThan(12_000);
      expect(discord.length).toBeLessThan(6_000);
      for (let index = 0; index < 60; index += 1) expect(slack).toContain(`-${index}`);
      expect(discord).toMatch(/… and \d+ more|platform-x+-59/);
    }
  });
});
