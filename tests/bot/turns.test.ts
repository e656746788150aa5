import { describe, expect, it } from 'vitest';
import { openTurns, usualWaits, type Turns } from '#bot/turns.ts';

/** A line whose clock is moved by hand. */
function aLine(...marked: number[]): { turns: Turns; pass: (ms: number) => void } {
  let time = 0;
  const turns = openTurns(usualWaits, () => time);
  for (const rootId of marked) {
    turns.mark(rootId);
    time += 1;
  }
  return { turns, pass: (ms) => (time += ms) };
}

/** The chain whose turn it is, or null. */
function taken(turns: Turns): number | null {
  const turn = turns.take();
  return 'rootId' in turn ? turn.rootId : null;
}

describe('whose turn it is in a channel', () => {
  it('goes by who was marked first, and each once', () => {
    const { turns } = aLine(3, 1, 2, 3);
    expect([taken(turns), taken(turns), taken(turns), taken(turns)]).toEqual([3, 1, 2, null]);
    expect(turns.isEmpty()).toBe(true);
  });

  it('stays with the one that was refused, so that nothing overtakes it', () => {
    const { turns, pass } = aLine(1, 2, 3);
    for (let refusals = 0; refusals < 4; refusals += 1) {
      expect(taken(turns)).toBe(1);
      pass(turns.refused(0));
    }
    const order: (number | null)[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      order.push(taken(turns));
      turns.told();
    }
    expect(order).toEqual([1, 2, 3]);
  });

  it('waits longer after each refusal, at most 30 seconds, but as long as the service asks', () => {
    const { turns } = aLine(1);
    const waits = Array.from({ length: 8 }, () => {
      taken(turns);
      return turns.refused(0);
    });
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    taken(turns);
    expect(turns.refused(7_000)).toBe(30_000);
    taken(turns);
    turns.told();
    turns.mark(1);
    taken(turns);
    expect(turns.refused(7_000)).toBe(7_000);
  });

  it('keeps its order through an outage, however long, although the next one is tried now and then', () => {
    const { turns, pass } = aLine(1, 2, 3);
    const tried = Array.from({ length: 19 + 2 * 8 }, () => {
      const rootId = taken(turns);
      pass(turns.refused(0));
      return rootId;
    });
    // What is tried beside the first is tried right after it, before anything can have changed.
    expect(tried).toEqual([...Array.from({ length: 19 }, () => 1), ...Array.from({ length: 8 }, () => [1, 2]).flat()]);
    const order: (number | null)[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      order.push(taken(turns));
      turns.told();
    }
    expect(order).toEqual([1, 2, 3]);
  });

  it('passes over the one that is refused all alone', () => {
    const { turns, pass } = aLine(1, 2, 3);
    const told: number[] = [];
    for (let turn = 0; turn < 40; turn += 1) {
      const rootId = taken(turns);
      if (rootId === 1) pass(turns.refused(0));
      else if (rootId !== null) {
        told.push(rootId);
        turns.told();
      }
    }
    expect(told).toEqual([2, 3]);
    expect(turns.isWaiting(1)).toBe(true);
  });

  it('leaves one that fails by itself alone for a while, whatever changes about it', () => {
    const { turns, pass } = aLine(1, 2);
    expect(taken(turns)).toBe(1);
    turns.failed();
    turns.mark(1);
    expect(taken(turns)).toBe(2);
    turns.told();
    expect(turns.take()).toEqual({ waitMs: 1_000 });
    pass(1_000);
    expect(taken(turns)).toBe(1);
    turns.failed();
    expect(turns.take()).toEqual({ waitMs: 2_000 });
  });
});
