import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Typing } from '#bot/chat/surface.ts';
import { suggest } from '#bot/suggestions.ts';
import { testDatabase } from '../helpers/database.ts';
import { aTelling } from '../helpers/facts.ts';
import { aFailure, anIntent, aResult, openHouse } from '../helpers/house.ts';

const { url } = await testDatabase();
const house = await openHouse(url);
afterAll(() => house[Symbol.asyncDispose]());

const known = ['sportybet', 'bet9ja', 'betpawa'];

async function offered(command: string, field: Typing['field'], typed = '', run: number | null = null) {
  const found = await suggest(house.db, aTelling({ now: new Date() }), known, { command, field, typed, run });
  return found.map(({ value, label }) => (value === label ? value : `${value} (${label})`));
}

/** Run 1 is complete, run 2 broke at bet9ja, which is muted, and run 3 works. */
beforeAll(async () => {
  await house.runs.start(anIntent(), ['sportybet']);
  await house.workAll();
  await house.runs.start(anIntent(), ['sportybet', 'bet9ja']);
  await house.workAll({ bet9ja: aResult('failed', aFailure('bet9ja', 'blocked')) });
  await house.runs.start(anIntent(), ['betpawa']);
  await house.mutes.mute(anIntent(), { platform: 'bet9ja', until: null, run: null });
});

describe('what is offered while somebody types', () => {
  it('is for a retry what can be retried, and for a cancellation what still works', async () => {
    expect(await offered('retry', 'run')).toEqual(['2 (run 2: bet9ja)']);
    expect(await offered('retry', 'platform', '', 2)).toEqual(['bet9ja']);
    expect(await offered('cancel', 'run')).toEqual(['3 (run 3: betpawa)']);
  });

  it('is for a look every run there is, by the title of its card', async () => {
    expect(await offered('status', 'run')).toEqual([
      '3 (Run 3 is about to start)',
      '2 (Run 2 is partly done: 1/2 platforms complete)',
      '1 (Run 1 is complete)',
    ]);
    expect(await offered('status', 'run', '2')).toHaveLength(1);
  });

  it('is for a backfill the platforms that have one, and what they have', async () => {
    const { noun, nouns, terms } = aTelling().platform('sportybet');
    const telling = aTelling({
      platform: (id) => ({ noun, nouns, terms, backfills: id === 'betpawa' ? ['images', 'vin'] : [] }),
    });
    const typing = { command: 'backfill', typed: '', run: null };
    const found = (asked: Typing) => suggest(house.db, telling, known, asked);
    const words = [
      { label: 'images', value: 'images' },
      { label: 'vin', value: 'vin' },
    ];
    expect(await found({ ...typing, field: 'platform' })).toEqual([{ label: 'betpawa', value: 'betpawa' }]);
    expect(await found({ ...typing, field: 'what', platform: 'betpawa' })).toEqual(words);
    expect(await found({ ...typing, field: 'what', platform: 'betpawa', typed: 'V' })).toEqual(words.slice(1));
    expect(await found({ ...typing, field: 'what', platform: 'bet9ja' })).toEqual([]);
    expect(await found({ ...typing, field: 'what' })).toEqual(words);
  });

  it('is every platform for a run or a mute, and what is muted for its end, by whose mute it is', async () => {
    expect(await offered('now', 'platform')).toEqual(known);
    expect(await offered('mute', 'platform', 'BET')).toEqual(['bet9ja', 'betpawa']);
    expect(await offered('unmute', 'platform')).toEqual([
      expect.stringMatching(/^bet9ja \(bet9ja: muted by Ada since \d\d:\d\d\)$/) as string,
    ]);
  });
});
