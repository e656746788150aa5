import { describe, expect, it } from 'vitest';
import { type Drift, driftOfAnswers } from '#scraper/drift.ts';

const events = { one: 'event', many: 'events' };

function missing(path: string, count = 1, of = 1): Drift {
  return { path, problem: 'is missing', count, of };
}

describe('what changed in many answers', () => {
  it('is one place, in however many places of each answer', () => {
    const noted = [missing('markets[].outcomes[].odds', 28, 28), missing('markets[].outcomes[].odds', 3, 40)];
    expect(driftOfAnswers(noted, 3, events)).toBe('markets[].outcomes[].odds is missing in 2 of 3 events');
    expect(driftOfAnswers([missing('odds')], 1, events)).toBe('odds is missing in 1 of 1 event');
  });

  it('is told by the most frequent place, with the number of the others', () => {
    const noted = [missing('a'), missing('b'), missing('b'), { ...missing('c'), problem: 'is of another kind' }];
    expect(driftOfAnswers(noted, 4, events)).toBe('b is missing in 2 of 4 events, 2 more did not fit elsewhere');
  });

  it('is the answer as a whole where it has no place', () => {
    const noted = Array.from({ length: 48 }, () => ({ ...missing(''), problem: 'the answer is not JSON' }));
    expect(driftOfAnswers(noted, 48, events)).toBe('the answer is not JSON in 48 of 48 events');
  });

  it('is nothing when nothing changed', () => {
    expect(driftOfAnswers([], 1, events)).toBeNull();
  });
});
