import { describe, expect, it } from 'vitest';
import { refusedPerson } from '#bot/chat/answers.ts';
import { cancelAnswer } from '#bot/chat/cancel-words.ts';
import { muteAnswer, unmuteAnswer } from '#bot/chat/mute-answers.ts';
import { threadOf, toldIn } from '#bot/chat/thread.ts';
import type { MuteRefusal } from '#bot/runs/mute.ts';
import type { RunFacts } from '#db/run-facts.ts';
import { answers, conversation, golden } from '../../helpers/conversation.ts';
import { aBrokenJob, aChain, aMute, after, aJob, aPartialRun, aRetry, aRun, aTelling } from '../../helpers/facts.ts';
import { adaInSlack, muted, retriedTwice, sixty } from '../../helpers/scenes.ts';

const told = aTelling({ courtesies: { mentionStarter: true, onSuccess: 'thread' } });
const ada = adaInSlack;

describe('a conversation reads well aloud', () => {
  it('when whoever started it is told that it ended badly', async () => {
    const retry = aRetry({ ...aBrokenJob(), id: 4, runId: 2, retryNumber: 1, itemsKept: 31, itemsDone: 2 });
    const requestedBy = { surface: 'console', id: 'grace', name: 'Grace' };
    const grace = { ...retry, status: 'partial' as const, requestedBy };
    await expect(conversation(aChain(aPartialRun(), grace), told)).toMatchFileSnapshot(golden('mention'));
  });

  it('when two retries were needed', async () => {
    await expect(conversation(retriedTwice(), told)).toMatchFileSnapshot(golden('retried-twice'));
  });

  it('when somebody cancelled it', async () => {
    const run = aRun({
      status: 'partial',
      cancelledBy: { surface: 'discord', id: '77', name: 'Grace' },
      jobs: [
        aJob({ id: 1 }),
        aBrokenJob({ id: 2, status: 'cancelled', itemsDone: 20, itemsFailed: 0, failures: [] }),
        aJob({ id: 3, platform: 'betpawa', status: 'cancelled', itemsTotal: 0, startedAt: null }),
      ],
    });
    await expect(conversation(aChain(run), told)).toMatchFileSnapshot(golden('cancelled'));
  });

  it('when what broke is muted, and when it works again', async () => {
    const ended = { ...aChain(aRun({ id: 2, rootId: 2, jobs: [aJob({ runId: 2, platform: 'bet9ja' })] })) };
    ended.mutes = [aMute({ since: after(-86_400), endedAt: after(4), endedRun: 2 })];
    const both = `${conversation(muted(), told)}${conversation(ended, told)}`;
    await expect(both).toMatchFileSnapshot(golden('muted'));
  });

  it('when success is told quietly', async () => {
    const quietly = aTelling({ courtesies: { mentionStarter: true, onSuccess: 'card' } });
    const jobs = ['sportybet', 'bet9ja', 'betpawa'].map((platform, index) => aJob({ id: index + 1, platform }));
    const quiet = conversation(aChain(aRun({ jobs })), quietly);
    await expect(quiet).toMatchFileSnapshot(golden('quiet'));
  });

  it('when a run of sixty platforms breaks in four of them', async () => {
    await expect(conversation(sixty(), told)).toMatchFileSnapshot(golden('sixty'));
  });

  it('when somebody may not', async () => {
    const reasons = ['not_allowed', 'group_unknown', 'stranger', 'elsewhere'] as const;
    const deeds = ['start runs', 'retry what failed', "cancel other people's runs", 'mute platforms'];
    const refused = reasons.flatMap((reason) =>
      deeds.slice(0, reason === 'not_allowed' ? 4 : 1).map((deed) => refusedPerson(deed, reason, '@scrape-ops')),
    );
    await expect(answers([...refused, refusedPerson('start runs', 'not_allowed', null)])).toMatchFileSnapshot(
      golden('refused'),
    );
  });

  it('when cancelling and muting are answered privately', async () => {
    const known = ['sportybet', 'bet9ja', 'betpawa'];
    const since = after(-3_600).toISOString();
    const muteRefusals: MuteRefusal[] = [
      { kind: 'unknown_platform', platform: 'bet9a', known, nearest: 'bet9ja' },
      { kind: 'already_muted', platform: 'bet9ja', by: 'Ada', since, until: null },
      { kind: 'already_muted', platform: 'bet9ja', by: 'Ada', since, until: after(21_600).toISOString() },
      { kind: 'not_muted', platform: 'bet9ja' },
      { kind: 'too_soon' },
      { kind: 'too_far', days: 90 },
    ];
    const said = answers([
      cancelAnswer({ kind: 'cancelled', run: 1, stopped: ['bet9ja'], notBegun: ['betpawa', 'sportybet'] }),
      cancelAnswer({ kind: 'refused', reason: { kind: 'unknown_run', run: 999 } }),
      ...(['completed', 'partial', 'failed', 'connection_failed'] as const).map((status) =>
        cancelAnswer({ kind: 'refused', reason: { kind: 'already_ended', run: 1, status, by: null, working: null } }),
      ),
      cancelAnswer({
        kind: 'refused',
        reason: { kind: 'already_ended', run: 1, status: 'cancelled', by: 'Grace', working: 3 },
      }),
      muteAnswer({ kind: 'muted', platform: 'bet9ja', until: null }, told),
      muteAnswer({ kind: 'muted', platform: 'bet9ja', until: after(21_600).toISOString() }, told),
      ...muteRefusals.map((reason) => muteAnswer({ kind: 'refused', reason }, told)),
      unmuteAnswer({ kind: 'unmuted', platform: 'bet9ja', by: 'Ada', since: after(-90_000).toISOString() }, told),
    ]);
    await expect(said).toMatchFileSnapshot(golden('courtesies'));
  });
});

describe('a mention', () => {
  it('pings where the person came from, in the channel runs are at home in, and nowhere else', () => {
    const grace = { surface: 'discord', id: '77', name: 'Grace' };
    const cancelled = aRetry({ status: 'cancelled' }, { status: 'cancelled', cancelledBy: grace, requestedBy: ada });
    const posts = threadOf(aChain({ ...aPartialRun(), requestedBy: ada }, cancelled), told);
    const pinged = (surface: string, home: boolean) =>
      toldIn({ surface, home }, posts).flatMap(({ runId, slot, message }) =>
        message.mention ? `${runId}/${slot}` : [],
      );
    expect(pinged('slack', true)).toEqual(['1/mention', '2/cancelled']);
    expect(pinged('slack', false)).toEqual([]);
    const slots = (surface: string) => toldIn({ surface, home: true }, posts).map((post) => post.slot);
    expect(slots('discord')).not.toContain('mention');
    expect(slots('discord')).toContain('cancelled');
  });

  it('mentions nobody when the settings say so, when nobody started it, or when they cancelled it themselves', () => {
    const mentions = (run: RunFacts, how = told) =>
      threadOf(aChain(run), how).filter((post) => post.message.mention !== null).length;
    expect(mentions(aPartialRun())).toBe(1);
    expect(mentions(aPartialRun(), aTelling())).toBe(0);
    expect(mentions(aRun())).toBe(0);
    expect(mentions({ ...aPartialRun(), trigger: 'schedule:nightly' })).toBe(0);
    const cancelled = { ...aPartialRun({ status: 'cancelled' }), cancelledBy: aPartialRun().requestedBy };
    expect(mentions(cancelled)).toBe(0);
  });
});
