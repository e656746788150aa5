import { describe, expect, it } from 'vitest';
import { afterAttempt } from '#bot/runs/lifecycle.ts';
import { nextAttempt, type AttemptFailure, type RetryRules } from '#bot/runs/retry-policy.ts';
import { after, NOON } from '../../helpers/facts.ts';

const rules: RetryRules = {
  general: { attempts: 3, baseMs: 4_000, capMs: 6_000 },
  rules: [
    { kinds: ['rate_limited'], policy: { attempts: 5, baseMs: 60_000, capMs: 600_000 } },
    { kinds: ['truncated', 'rate_limited'], policy: { attempts: 1, baseMs: 1, capMs: 1 } },
  ],
};
const timeout: AttemptFailure = { kind: 'unreachable', retryable: true, until: null };

function wait(attempt: number, chance: number, failure = timeout): number | null {
  const at = nextAttempt({ failure, attempt, rules, now: NOON, random: () => chance });
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

  it('follow the first rule that names the kind', () => {
    const limited: AttemptFailure = { kind: 'rate_limited', retryable: true, until: null };
    expect(wait(1, 0.5, limited)).toBe(30_000);
    expect(wait(4, 0.5, limited)).toBe(240_000);
    expect(wait(5, 0.5, limited)).toBeNull();
    expect(wait(1, 0.5, { kind: 'truncated', retryable: true, until: null })).toBeNull();
  });

  it('are not made before the time the site named', () => {
    expect(wait(1, 0.5, { kind: 'rate_limited', retryable: true, until: after(90) })).toBe(90_000);
  });
});

describe('the end of an attempt', () => {
  const rest = { rules, now: NOON, random: () => 0.5 };

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
