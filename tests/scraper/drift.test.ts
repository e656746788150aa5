import { describe, expect, it } from 'vitest';
import { createDriftCount } from '#scraper/drift.ts';

const events = { one: 'event', many: 'events' };

describe('what changed in many answers', () => {
  it('is one place, whatever the position in lists and the numbers that are keys', () => {
    const drift = createDriftCount();
    drift.note('data.markets[3].outcomes[0].odds is missing');
    drift.note('data.markets[41].outcomes[2].odds is missing');
    expect(drift.words(3, events)).toBe('data.markets[].outcomes[].odds is missing in 2 of 3 events');
    const keyed = createDriftCount();
    keyed.note('D.PAL.1.SG.2340.G is missing');
    keyed.note('D.PAL.1.SG.77.G is missing');
    expect(keyed.words(2, events)).toBe('D.PAL[].SG[].G is missing in 2 of 2 events');
  });

  it('is told by the most frequent place, with the number of the others', () => {
    const drift = createDriftCount();
    for (const detail of ['a is missing', 'b is missing', 'b is missing', 'c is of another kind']) drift.note(detail);
    expect(drift.words(4, events)).toBe('b is missing in 2 of 4 events, 2 more did not fit elsewhere');
  });

  it('is nothing when nothing changed', () => {
    expect(createDriftCount().words(1, events)).toBeNull();
  });
});
