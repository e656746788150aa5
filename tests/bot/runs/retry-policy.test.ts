import { describe, expect, it } from 'vitest';
import { afterAttempt } from '#bot/runs/lifecycle.ts';
import { nextAttempt, type AttemptFailure, type RetryPolicy } from '#bot/runs/retry-policy.ts';
import { after, NOON } from '../../helpers/facts.ts';

const policy: RetryPolicy = { attempts: 3, baseMs: 4_000, capMs: 6_000 };
const timeout: AttemptFailure = { kind: 'unreachable', retryable: true, until: null };

function wait(attempt: number, chance: number, failure = timeout): number | null {
  const at = nextAttempt({ failure, attempt, policy, now: NOON, random: () => chance });
  return at === null ? null : at.getTime() - NOON.getTime();
}

describe('automatic attempts', () => {
  it('wait anything from nothing to the full step, so that failed jobs do not come back together', () => {
    expect(wait(1, 0)).toBe(0);
    expect(wait(1, 0.5)).toBe(2_000);
    expect(wait(1, 0.999)).toBe(3_996);
  });

  it('double the step with every attempt, up to the cap', () => {
    expect(wait(2, 0.5)).toBe(3_000);
  });

  it('end when the tries are used', () => {
    expect(wait(3, 0.5)).toBeNull();
  });

  it('are not made for what trying again cannot help', () => {
    expect(wait(1, 0.5, { kind: 'blocked', retryable: false, until: null })).toBeNull();
  });

  it('are not made before the time the site named', () => {
    expect(wait(1, 0.5, { kind: 'rate_limited', retryable: true, until: after(90) })).toBe(90_000);
  });
});

describe('the end of an attempt', () => {
  const rest = { policy, now: NOON, random: () => 0.5 };

  it('finishes a complete job', () => {
    const move = afterAttempt({ outcome: { status: 'completed', failure: null }, attempt: 1, ...rest });
    expect(move).toEqual({ kind: 'finish', status: 'completed' });
  });

  it('puts a job off while attempts are left, keeping the reason', () => {
    const move = afterAttempt({ outcome: { status: 'partial', failure: timeout }, attempt: 1, ...rest });
    expect(move).toEqual({ kind: 'wait', until: after(2), failureKind: 'unreachable' });
  });

  it('finishes it as it stands when none is left', () => {
    const move = afterAttempt({ outcome: { status: 'partial', failure: timeout }, attempt: 3, ...rest });
    expect(move).toEqual({ kind: 'finish', status: 'partial', failureKind: 'unreachable' });
  });

  it('calls a failure without a reason internal', () => {
    const move = afterAttempt({ outcome: { status: 'failed', failure: null }, attempt: 1, ...rest });
    expect(move).toEqual({ kind: 'finish', status: 'failed', failureKind: 'internal' });
  });
});
