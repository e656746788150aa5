import { describe, expect, it } from 'vitest';
import { decideCancel, samePerson } from '#bot/runs/cancel.ts';
import { aBrokenJob, aChain, aJob, aPartialRun, aRetry, aRun } from '../../helpers/facts.ts';

const working = aRun({
  status: 'running',
  finishedAt: null,
  jobs: [
    aJob({ id: 1 }),
    aBrokenJob({ id: 2, status: 'running', finishedAt: null }),
    aJob({ id: 3, platform: 'betpawa', status: 'pending', startedAt: null }),
  ],
});

describe('deciding to cancel', () => {
  it('stops what works, keeps what has ended, and says what never begins', () => {
    expect(decideCancel(aChain(working), 1)).toEqual({ kind: 'cancel', stopped: ['bet9ja'], notBegun: ['betpawa'] });
  });

  it('stops what waits for another attempt', () => {
    const waiting = aRun({ status: 'running', jobs: [aBrokenJob({ status: 'waiting', finishedAt: null })] });
    expect(decideCancel(aChain(waiting), 1)).toEqual({ kind: 'cancel', stopped: ['bet9ja'], notBegun: [] });
  });

  it('is refused for a run that has ended, and names the retry that still works', () => {
    expect(decideCancel(aChain(aPartialRun()), 1)).toEqual({
      kind: 'refused',
      reason: { kind: 'already_ended', run: 1, status: 'partial', by: null, working: null },
    });
    const retry = aRetry({ status: 'running', finishedAt: null }, { finishedAt: null });
    expect(decideCancel(aChain(aPartialRun(), retry), 1)).toMatchObject({ reason: { working: 2 } });
  });

  it('is refused for a run that was cancelled before, and says by whom', () => {
    const grace = { surface: 'discord', id: '77', name: 'Grace' };
    const run = aRun({ status: 'cancelled', cancelledBy: grace, jobs: [aJob({ status: 'cancelled' })] });
    expect(decideCancel(aChain(run), 1)).toMatchObject({ reason: { status: 'cancelled', by: 'Grace' } });
  });

  it('is refused for a run nobody knows', () => {
    expect(decideCancel(aChain(working), 7)).toEqual({ kind: 'refused', reason: { kind: 'unknown_run', run: 7 } });
  });
});

describe('a person', () => {
  it('is known by surface and id, whatever name they go by', () => {
    const ada = { surface: 'slack', id: 'U1', name: 'Ada' };
    expect(samePerson(ada, { ...ada, name: 'Countess' })).toBe(true);
    expect(samePerson(ada, { ...ada, surface: 'discord' })).toBe(false);
    expect(samePerson(ada, { ...ada, id: 'U2' })).toBe(false);
  });
});
