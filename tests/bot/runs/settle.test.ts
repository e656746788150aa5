import { describe, expect, it } from 'vitest';
import { settleRun } from '#bot/runs/settle.ts';
import type { JobStatus } from '#db/run-facts.ts';

describe('settling a run', () => {
  const cases: [JobStatus[], ReturnType<typeof settleRun>][] = [
    [['completed', 'pending'], null],
    [['completed', 'running'], null],
    [['failed', 'waiting'], null],
    [['completed', 'completed'], 'completed'],
    [['completed', 'failed'], 'partial'],
    [['partial', 'failed'], 'partial'],
    [['completed', 'skipped'], 'partial'],
    [['failed', 'failed'], 'failed'],
    [['failed', 'cancelled'], 'failed'],
    [['skipped'], 'failed'],
    [['cancelled', 'cancelled'], 'cancelled'],
    [['completed', 'cancelled'], 'partial'],
    [['partial', 'cancelled'], 'partial'],
    [['cancelled', 'running'], null],
  ];
  it('that left platforms out because nobody could see it loses its connection, whatever became of the others', () => {
    const lost = { status: 'skipped', lost: true } as const;
    const end = (status: JobStatus) => ({ status, lost: false });
    expect(settleRun([end('completed'), lost])).toBe('connection_failed');
    expect(settleRun([end('failed'), lost, lost])).toBe('connection_failed');
    expect(settleRun([end('running'), lost])).toBeNull();
  });

  for (const [jobs, status] of cases) {
    it(`${jobs.join(' and ')} ${status === null ? 'is not over' : `makes it ${status}`}`, () => {
      expect(settleRun(jobs.map((job) => ({ status: job, lost: false })))).toBe(status);
    });
  }
});
