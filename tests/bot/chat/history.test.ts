import { expect, it } from 'vitest';
import { chainHistory, noSuchRun } from '#bot/chat/history-words.ts';
import { answers, golden } from '../../helpers/conversation.ts';
import { aBrokenJob, aChain, aJob, aPartialRun, aRetry, aRun, aTelling, after } from '../../helpers/facts.ts';
import { adaInSlack, connectionLost, retriedTwice } from '../../helpers/scenes.ts';

const told = aTelling();

/** bet9ja broke, was tried again by itself, broke once more, and was retried by Grace, where the second attempt did it. */
function tried() {
  const step = {
    name: 'extract',
    status: 'failed',
    itemsTotal: 48,
    itemsDone: 31,
    itemsFailed: 17,
    error: null,
  } as const;
  const steps = [
    { ...step, attempt: 1, errorKind: 'unreachable' as const },
    { ...step, attempt: 2, errorKind: 'blocked' as const },
  ];
  const again = aBrokenJob().failures.slice(0, 1);
  const retry = { status: 'completed' as const, attempt: 2, steps: steps.slice(0, 1), failures: again };
  const root = { ...aPartialRun({ attempt: 2, steps }), trigger: 'schedule:hourly' };
  const byItself = { surface: 'schedule', id: 'hourly', name: 'hourly' };
  return aChain({ ...root, requestedBy: byItself, homeSurface: null }, aRetry(retry, { createdAt: after(900) }));
}

function rescraped() {
  const lost = connectionLost();
  const jobs = [aJob({ id: 4, runId: 2, platform: 'bet9ja', rescrape: true })];
  const again = {
    id: 2,
    rootId: 1,
    rescrapeOf: 1,
    trigger: 'rescrape:1',
    requestedBy: adaInSlack,
    createdAt: after(120),
  };
  return aChain(lost.runs[0], aRun({ ...again, jobs }));
}

it('tells a chain run by run: who, when, people apart from what went on by itself, and the first errors', async () => {
  const said = [tried(), retriedTwice(), rescraped()].map((chain) => chainHistory(chain, told));
  await expect(answers([...said, noSuchRun(7)])).toMatchFileSnapshot(golden('history'));
});
