import { describe, expect, it } from 'vitest';
import { acceptAnswer, acceptRefusal } from '#bot/chat/accept-words.ts';
import { exportAnswer, missingAnswer } from '#bot/chat/file-words.ts';
import { retryAnswer, startAnswer } from '#bot/chat/answers.ts';
import { retryRefusal } from '#bot/chat/retry-refusals.ts';
import { threadOf } from '#bot/chat/thread.ts';
import type { AcceptRefusal } from '#bot/runs/accept.ts';
import type { RetryPart, RetryRefusal } from '#bot/runs/retry-run.ts';
import type { Chain, FailureFacts } from '#db/run-facts.ts';
import { answers, conversation as read, golden } from '../../helpers/conversation.ts';
import {
  aBrokenJob,
  aChain,
  aDriftedJob,
  aDroppedJob,
  after,
  aJob,
  anEmptyJob,
  aPartialRun,
  aRetry,
  aRun,
  aTelling,
} from '../../helpers/facts.ts';
import { failed, running, twoBroken } from '../../helpers/scenes.ts';

const telling = aTelling();

function conversation(chain: Chain, told = telling): string {
  return read(chain, told);
}

describe('a conversation reads well aloud', () => {
  it('while a run works', async () => {
    await expect(conversation(running())).toMatchFileSnapshot(golden('running'));
  });

  it('while an automatic attempt is awaited', async () => {
    const run = aRun({
      status: 'running',
      finishedAt: null,
      jobs: [aBrokenJob({ status: 'waiting', failureKind: 'unreachable', nextAttemptAt: after(20), finishedAt: null })],
    });
    await expect(conversation(aChain(run))).toMatchFileSnapshot(golden('waiting'));
  });

  it('when everything was delivered', async () => {
    await expect(conversation(aChain(aRun()))).toMatchFileSnapshot(golden('completed'));
  });

  it('when one platform broke in the middle', async () => {
    const told = { ...telling, statusUrl: 'http://127.0.0.1:3000/' };
    await expect(conversation(aChain(aPartialRun()), told)).toMatchFileSnapshot(golden('partial'));
  });

  it('when its page is one that others can open', () => {
    const cards = (statusUrl: string) => threadOf(aChain(aPartialRun(), aRetry()), { ...telling, statusUrl });
    const [card] = cards('https://status.example.com/scrapes/');
    const url = 'https://status.example.com/scrapes/runs/1/';
    expect(card?.message.link).toEqual({ label: 'Run 1 on the status page', url });
    expect(card?.message.footer).not.toContain('status.example.com');
    const local = cards('http://127.0.0.1:3000/')[0];
    expect([local?.message.link, local?.message.footer]).toEqual([null, expect.stringContaining('3000/runs/1/')]);
    expect(conversation(aChain(aRun()), { ...telling, statusUrl: 'https://status.example.com/' })).toContain(
      'Run 1 on the status page: https://status.example.com/runs/1/',
    );
  });

  it('when several platforms broke', async () => {
    await expect(conversation(twoBroken())).toMatchFileSnapshot(golden('two-broken'));
  });

  it('when nothing was delivered at all', async () => {
    await expect(conversation(failed())).toMatchFileSnapshot(golden('failed'));
  });

  it('when only the images of auctions are missing', async () => {
    const auctions = aTelling({
      platform: () => ({
        noun: { one: 'listing', many: 'listings' },
        nouns: { images: { one: 'image', many: 'images' } },
        terms: { maxAgeMs: 86_400_000, firstStep: 'discover', itemStep: 'extract' },
        backfills: ['images', 'vin'],
      }),
    });
    const broken = aBrokenJob({
      id: 1,
      platform: 'bringatrailer',
      itemsDone: 48,
      itemsFailed: 0,
      discoveredAt: null,
      further: [{ step: 'images', total: 50, stored: 14, failed: 5 }],
      failureKind: 'unreachable',
      failures: [
        {
          kind: 'unreachable',
          headline: 'bringatrailer did not answer properly (connection, time-out or server error)',
          detail: 'GET /wp-content/uploads/2026/11/1994-testmake-gt-7-001.jpg: status 503',
          step: 'images',
          count: 5,
        },
      ],
    });
    const retry = aRetry({
      platform: 'bringatrailer',
      fromStep: 'images',
      itemsKept: 48,
      itemsDone: 0,
      further: [{ step: 'images', total: 50, stored: 50, failed: 0 }],
    });
    const run = aRun({ status: 'partial', jobs: [broken] });
    const said = `${conversation(aChain(run), auctions)}\n${conversation(aChain(run, retry), auctions)}`;
    await expect(said).toMatchFileSnapshot(golden('images-missing'));
  });

  it('while somebody retries', async () => {
    const retry = aRetry({ status: 'running', itemsDone: 5, finishedAt: null }, { finishedAt: null });
    await expect(conversation(aChain(aPartialRun(), retry))).toMatchFileSnapshot(golden('retrying'));
  });

  it('when a retry repaired it', async () => {
    await expect(conversation(aChain(aPartialRun(), aRetry()))).toMatchFileSnapshot(golden('retried'));
  });

  it('when the last retry failed as well', async () => {
    const broken = { status: 'partial', retryNumber: 3, itemsKept: 31, itemsDone: 2, itemsFailed: 5 } as const;
    const retry = aRetry({ ...aBrokenJob(), ...broken, id: 4, runId: 2 });
    await expect(conversation(aChain(aPartialRun(), retry))).toMatchFileSnapshot(golden('retries-used'));
  });

  it('when a platform delivered nothing, or far less than usual', async () => {
    const run = aRun({ status: 'partial', jobs: [anEmptyJob({ id: 1 }), aDroppedJob({ id: 2 })] });
    await expect(conversation(aChain(run))).toMatchFileSnapshot(golden('doubtful'));
  });

  it('when a site changed its answers', async () => {
    const run = aRun({ status: 'failed', jobs: [aDriftedJob()] });
    await expect(conversation(aChain(run))).toMatchFileSnapshot(golden('drifted'));
  });

  it('when somebody accepted that', async () => {
    const accepted = { by: { surface: 'slack', id: 'U1', name: 'Ada' }, why: 'international break', at: after(60) };
    const run = aRun({ status: 'partial', jobs: [aJob({ id: 1 }), aDroppedJob({ id: 2, accepted })] });
    await expect(conversation(aChain(run))).toMatchFileSnapshot(golden('accepted'));
  });

  it('when a retry would find its list too old, in part or whole', async () => {
    const blocked = (platform: string) =>
      [
        {
          kind: 'blocked',
          headline: `${platform} blocked us`,
          detail: 'GET / answered 403',
          step: 'extract',
          count: 5,
        },
      ] satisfies FailureFacts[];
    const run = aRun({
      status: 'partial',
      jobs: [
        aBrokenJob({
          id: 1,
          platform: 'sportybet',
          failures: blocked('sportybet'),
          stored: { from: after(60), to: after(120) },
        }),
        aBrokenJob({ id: 2, failures: blocked('bet9ja'), stored: { from: after(60), to: after(500) } }),
        aBrokenJob({
          id: 3,
          platform: 'betpawa',
          failures: blocked('betpawa'),
          stored: { from: after(300), to: after(500) },
        }),
      ],
    });
    await expect(conversation(aChain(run), aTelling({ now: after(840) }))).toMatchFileSnapshot(golden('aged'));
  });

  it('when the run is too old to be continued', async () => {
    const run = aRun({ status: 'partial', jobs: [aBrokenJob({ id: 1 }), anEmptyJob({ id: 2 })] });
    await expect(conversation(aChain(run), aTelling({ now: after(8 * 86_400) }))).toMatchFileSnapshot(
      golden('too-old'),
    );
  });

  it('when somebody asked what is missing, and for what was delivered', async () => {
    const by = { surface: 'slack', id: 'U1', name: 'Ada' };
    const missing = { id: 3, name: 'run-1-bet9ja-missing-3.csv', holds: 'missing', platforms: ['bet9ja'] };
    const odds = { id: 4, name: 'run-1-odds-4.csv', holds: 'odds', platforms: ['sportybet', 'bet9ja', 'betpawa'] };
    const files = [
      { ...missing, rows: 17, whole: true, by },
      { ...odds, rows: 61_204, whole: false, by },
    ];
    const said = answers([
      missingAnswer({ kind: 'missing', run: 1, total: 0, items: [], unlisted: [], file: null }),
      missingAnswer({ kind: 'missing', run: 1, total: 0, items: [], unlisted: ['betpawa'], file: null }),
      missingAnswer({ kind: 'missing', run: 1, total: 0, items: [], unlisted: [], letGo: ['bet9ja'], file: null }),
      missingAnswer({
        kind: 'missing',
        run: 1,
        total: 17,
        items: [
          { platform: 'bet9ja', key: '800000001', name: 'Lagos Rovers - Kano Pillars', failure: 'blocked' },
          { platform: 'bet9ja', key: '800000002', name: null, failure: null },
        ],
        unlisted: [],
        file: missing.name,
      }),
      exportAnswer({ kind: 'made', run: 1, files: [{ name: odds.name, rows: 61_204, whole: false }] }),
      exportAnswer({ kind: 'made', run: 1, files: [] }),
      exportAnswer({ kind: 'made', run: 1, files: [], letGo: ['sportybet', 'bet9ja'] }),
      exportAnswer({
        kind: 'made',
        run: 1,
        files: [{ name: odds.name, rows: 900, whole: true }],
        letGo: ['bet9ja'],
      }),
      exportAnswer({ kind: 'refused', reason: { kind: 'unknown_run', run: 9 } }),
    ]);
    const thread = conversation(aChain({ ...aPartialRun(), files }));
    await expect(`${said}${thread}`).toMatchFileSnapshot(golden('files'));
  });

  it('when something is answered privately', async () => {
    const known = ['sportybet', 'bet9ja', 'betpawa'];
    const refusals: RetryRefusal[] = [
      { kind: 'no_run' },
      { kind: 'unknown_run', run: 999 },
      { kind: 'unknown_platform', platform: 'bet9a', known, nearest: 'bet9ja' },
      { kind: 'unknown_platform', platform: 'betking', known, nearest: null },
      { kind: 'not_in_run', platform: 'bringatrailer', run: 1, platforms: known },
      { kind: 'still_running', run: 1, platform: null },
      { kind: 'still_running', run: 1, platform: 'bet9ja' },
      { kind: 'being_retried', platform: 'bet9ja', run: 2, by: 'Ada' },
      { kind: 'nothing_failed', run: 1 },
      { kind: 'not_failed', platform: 'betpawa', run: 1 },
      { kind: 'accepted', platform: 'bet9ja', run: 1, by: 'Grace' },
      { kind: 'already_retried', platform: 'bet9ja', run: 1, by: 2 },
      { kind: 'retries_used', platform: 'bet9ja', run: 1, limit: 3 },
      { kind: 'too_old', run: 1, days: 8 },
    ];
    expect(new Set(refusals.map(retryRefusal)).size).toBe(refusals.length);
    const part: RetryPart = {
      platform: 'bet9ja',
      sourceJobId: 2,
      retryNumber: 1,
      fromStep: 'extract',
      kept: 31,
      total: 48,
      listAgeMs: null,
      keptWithinMs: null,
    };
    const anew: RetryPart = { ...part, fromStep: 'discover', kept: 0, total: null, listAgeMs: 14 * 60_000 };
    const doubts: AcceptRefusal[] = [
      { kind: 'no_run' },
      { kind: 'unknown_run', run: 999 },
      { kind: 'unknown_platform', platform: 'bet9a', known, nearest: 'bet9ja' },
      { kind: 'not_in_run', platform: 'bringatrailer', run: 1, platforms: known },
      { kind: 'still_running', platform: 'bet9ja', run: 1 },
      { kind: 'not_doubtful', platform: 'betpawa', run: 1, complete: true },
      { kind: 'not_doubtful', platform: 'bet9ja', run: 1, complete: false },
      { kind: 'already_accepted', platform: 'bet9ja', run: 1, by: 'Grace' },
      { kind: 'already_retried', platform: 'bet9ja', run: 1, by: 2 },
      { kind: 'no_reason', platform: 'bet9ja', run: 1 },
    ];
    expect(new Set(doubts.map(acceptRefusal)).size).toBe(doubts.length);
    const said = answers([
      startAnswer({ kind: 'started', runId: 1, platforms: known }),
      startAnswer({
        kind: 'refused',
        reason: { kind: 'unknown_platform', platform: 'x'.repeat(5000), known, nearest: null },
      }),
      retryAnswer({ kind: 'started', runId: 2, rootId: 1, parts: [part], refused: refusals.slice(9, 10) }, telling),
      retryAnswer({ kind: 'started', runId: 2, rootId: 1, parts: [anew], refused: [] }, telling),
      ...refusals.map((reason) => retryAnswer({ kind: 'refused', reasons: [reason] }, telling)),
      acceptAnswer({ kind: 'accepted', platform: 'bet9ja', run: 1, items: 20 }, telling),
      ...doubts.map((reason) => acceptAnswer({ kind: 'refused', reason }, telling)),
    ]);
    await expect(said).toMatchFileSnapshot(golden('answers'));
  });
});

describe('a thread', () => {
  it('has one card, and a post for each finished platform of the first run', () => {
    const names = threadOf(aChain(aPartialRun(), aRetry()), telling).map((post) => `${post.runId}/${post.slot}`);
    expect(names).toEqual(['1/card', '1/job:sportybet', '1/job:bet9ja', '1/job:betpawa', '2/card']);
  });

  it('names every post once, however long the chain is', () => {
    const retries = [2, 3, 4].map((id) =>
      aRetry({ id: id + 2, runId: id, retryNumber: id - 1, status: 'failed', failureKind: 'blocked' }, { id }),
    );
    const names = threadOf(aChain(aPartialRun(), ...retries), telling).map((post) => `${post.runId}/${post.slot}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('says before the press what a retry will do, and says something else when the items have grown too old', () => {
    const hint = (now: Date) =>
      threadOf(aChain(aPartialRun()), aTelling({ now })).flatMap((post) => post.message.buttons)[0]?.hint;
    expect(hint(after(60))).toBe('from extract, 31 of 48 events kept');
    expect(hint(after(601))).toBe('from discover, everything anew: the list is more than 10 min old');
  });

  it('quotes a hostile error as one literal line', () => {
    const hostile = aPartialRun({
      failures: [
        {
          kind: 'blocked',
          headline: 'bet9ja blocked us',
          detail: `<!channel> @everyone \u202e</b>${'\n'.repeat(10_000)}✅ all fine`,
          step: 'extract',
          count: 1,
        },
      ],
    });
    const quote = threadOf(aChain(hostile), telling).find((post) => post.slot === 'job:bet9ja')?.message.quote;
    expect(quote).toBe('<!channel> @everyone </b> ✅ all fine');
  });
});
