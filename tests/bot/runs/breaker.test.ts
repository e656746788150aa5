import { describe, expect, it } from 'vitest';
import { afterJob, type BreakerQuestion } from '#bot/runs/breaker.ts';
import type { BreakerFacts } from '#db/run-facts.ts';
import { after, NOON } from '../../helpers/facts.ts';

const rules = { failures: 5, coolMs: 1_800_000, longestMs: 21_600_000 };
const failed = { status: 'failed', failureKind: 'blocked' } as const;
const term: BreakerFacts = {
  platform: 'bet9ja',
  failures: 5,
  failingSince: after(-600),
  kind: 'blocked',
  openedAt: NOON,
  openedRun: 5,
  nextProbeAt: NOON,
  probes: 0,
  closedAt: null,
  closedRun: null,
};

function move(given: Partial<BreakerQuestion> = {}) {
  const streak = { failures: 5, since: after(-600) };
  return afterJob({ end: failed, term: null, streak, rules, now: NOON, ...given });
}

describe('a breaker', () => {
  it('opens when so many jobs failed in a row, and not before', () => {
    expect(move({ streak: { failures: 4, since: NOON } })).toBeNull();
    expect(move()).toEqual({ kind: 'open', failures: 5, since: after(-600), probeAt: after(1_800) });
    expect(move({ rules: { ...rules, failures: 0 } })).toBeNull();
  });

  it('takes no notice of what says nothing about the site', () => {
    for (const failureKind of ['rate_limited', 'interrupted', 'internal', 'cancelled', 'left_alone'] as const) {
      expect(move({ end: { status: 'failed', failureKind } })).toBeNull();
      expect(move({ end: { status: 'failed', failureKind }, term })).toBeNull();
    }
    expect(move({ end: { status: 'cancelled', failureKind: 'cancelled' }, term })).toBeNull();
  });

  it('waits twice as long after each probe that fails, up to the longest', () => {
    expect(move({ term })).toEqual({ kind: 'postpone', probeAt: after(3_600) });
    expect(move({ term: { ...term, probes: 1 } })).toEqual({ kind: 'postpone', probeAt: after(7_200) });
    expect(move({ term: { ...term, probes: 90 } })).toEqual({ kind: 'postpone', probeAt: after(21_600) });
  });

  it('closes by whatever the platform delivers, and stays closed', () => {
    for (const status of ['completed', 'partial'] as const) {
      expect(move({ end: { status, failureKind: null }, term })).toEqual({ kind: 'close' });
      expect(move({ end: { status, failureKind: null } })).toBeNull();
    }
  });
});
