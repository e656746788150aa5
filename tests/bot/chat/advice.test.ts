import { describe, expect, it } from 'vitest';
import { adviceLine } from '#bot/chat/advice-words.ts';
import type { JobFacts } from '#db/run-facts.ts';
import { conversation, golden } from '../../helpers/conversation.ts';
import { aBrokenJob, aChain, aPartialRun, aRetry, aTelling } from '../../helpers/facts.ts';

const told = aTelling();
const before = (cases: number, fixed: number, step = 'extract') => ({ precedent: { step, cases, fixed } });

describe('what broke', () => {
  it('says how retries of the same failure did before, until it is retried', async () => {
    const chains = [
      aChain(aPartialRun({ ...before(21, 17), failureKind: 'unreachable' })),
      aChain(aPartialRun(before(18, 1))),
      aChain(
        aPartialRun(before(18, 1)),
        aRetry({ ...aBrokenJob({ id: 4, runId: 2, retryNumber: 1 }), ...before(12, 0) }),
      ),
    ];
    await expect(chains.map((chain) => conversation(chain, told)).join('\n')).toMatchFileSnapshot(golden('advice'));
  });

  it('says nothing of fewer than ten, and does not advise against what helps now and then', () => {
    const line = (given: Partial<JobFacts>) => adviceLine(aBrokenJob(given))?.text;
    expect(line(before(9, 9))).toBeUndefined();
    expect(line({})).toBeUndefined();
    expect(line(before(10, 10))).toBe('Blocks in extract: the first retry fixed all 10 in 90 days');
    expect(line(before(10, 1))).toBe('Blocks in extract: the first retry fixed 1 of 10 in 90 days');
    expect(line(before(10, 0))).toMatch(/fixed none of 10 in 90 days, so another will hardly help$/);
    expect(line({ ...before(11, 5), retryNumber: 2 })).toMatch(/the third retry fixed 5 of 11/);
  });
});
