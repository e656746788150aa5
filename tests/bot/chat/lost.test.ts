import { describe, expect, it } from 'vitest';
import type { Chain, JobFacts, RunFacts } from '#db/run-facts.ts';
import { answers, conversation, golden } from '../../helpers/conversation.ts';
import { aBrokenJob, aChain, after, aJob, aRun, aTelling } from '../../helpers/facts.ts';
import { adaInSlack, connectionLost } from '../../helpers/scenes.ts';
import { retryRefusal } from '#bot/chat/retry-refusals.ts';
import { message } from '#bot/chat/message.ts';
import { threadOf } from '#bot/chat/thread.ts';

const told = aTelling({ courtesies: { mentionStarter: true, onSuccess: 'thread' } });

/** The lost run, and what followed. */
function chainOf(...later: RunFacts[]): Chain {
  return aChain(connectionLost().runs[0], ...later);
}

function again(jobs: JobFacts[], given: Partial<RunFacts> = {}): RunFacts {
  const open = jobs.some((job) => job.finishedAt === null);
  return aRun({
    id: 2,
    status: open ? 'running' : 'completed',
    trigger: 'rescrape:1',
    rescrapeOf: 1,
    requestedBy: adaInSlack,
    homeSurface: 'slack',
    createdAt: after(90),
    finishedAt: open ? null : after(97),
    jobs: jobs.map((job) => ({ ...job, runId: 2, rescrape: true })),
    ...given,
  });
}

describe('a run whose chat went away', () => {
  it('says what was not started, and what happens next', async () => {
    await expect(conversation(connectionLost(), told)).toMatchFileSnapshot(golden('connection-lost'));
  });

  it('is scraped again when it is back: the thread tells it in two lines', async () => {
    const running = again([
      aJob({ id: 4, platform: 'bet9ja', status: 'running', itemsDone: 12 }),
      aJob({ id: 5, platform: 'betpawa', status: 'pending', itemsTotal: 0, startedAt: null }),
    ]);
    await expect(conversation(chainOf(running), told)).toMatchFileSnapshot(golden('rescraping'));
    const done = again([aJob({ id: 4, platform: 'bet9ja' }), aJob({ id: 5, platform: 'betpawa' })]);
    await expect(conversation(chainOf(done), told)).toMatchFileSnapshot(golden('rescraped'));
  });

  it('pings whoever started it when that ends badly, and offers the retries that are left', async () => {
    const broken = aBrokenJob({ id: 4 });
    const bad = again([broken, aJob({ id: 5, platform: 'betpawa' })], { status: 'partial' });
    const onSlack = conversation(chainOf(bad), told, 'slack');
    await expect(onSlack).toMatchFileSnapshot(golden('rescraped-badly'));
    expect(onSlack).toContain('Retry bet9ja (1/3)');
    const pinged = threadOf(chainOf(bad), told).filter((post) => post.message.mention !== null);
    expect(pinged.map((post) => post.runId)).toEqual([2]);
  });

  it('tells of what is being scraped again where a retry is refused', () => {
    const said = retryRefusal({ kind: 'being_retried', platform: 'bet9ja', run: 2, by: 'Ada', itself: true });
    expect(answers([message('warning', said)])).toContain('bet9ja is already being scraped again (run 2)');
  });
});
