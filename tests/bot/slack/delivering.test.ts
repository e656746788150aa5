import { afterEach, describe, expect, it } from 'vitest';
import { message } from '#bot/chat/message.ts';
import { DeliveryError } from '#bot/chat/surface.ts';
import type { SlackTiming } from '#bot/slack/options.ts';
import type { Fault } from '../../fakes/slack/index.ts';
import { hostile } from '../../helpers/hostile.ts';
import { openSlack, type OpenSlack } from './open-slack.ts';

let opened: OpenSlack[] = [];
afterEach(async () => {
  await Promise.all(opened.map((one) => one[Symbol.asyncDispose]()));
  opened = [];
});

async function open(timing: Partial<SlackTiming> = {}): Promise<OpenSlack> {
  const one = await openSlack({ timing });
  opened = [...opened, one];
  await expect.poll(() => one.surface.state().kind).toBe('up');
  return one;
}

const card = { runId: 7, slot: 'card' };
const reply = { runId: 7, slot: 'job:bet9ja' };
const text = message('good', 'Run 7 is complete');

/** How a delivery failed. */
async function refusal(delivery: Promise<unknown>): Promise<DeliveryError> {
  const error = await delivery.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DeliveryError)) throw new Error('it was delivered, or failed in a way nobody expects');
  return error;
}

const error = (code: string, needed?: string): Fault => ({ kind: 'error', code, needed });

describe('delivering to Slack', () => {
  it('posts a card, replies under it, and keeps time stamps as strings', async () => {
    const { slack, surface } = await open();
    const ref = await surface.post(card, text, null);
    const second = await surface.post(reply, message('bad', 'bet9ja broke'), ref);
    expect(ref).toEqual({ channel: 'C0RUNS', ts: expect.any(String) as string, thread: null });
    expect(second).toMatchObject({ thread: ref['ts'] });
    expect(slack.standing().map((one) => one.thread)).toEqual([null, ref['ts']]);
    expect(slack.standing()[0]?.metadata).toEqual({
      event_type: 'rescrape_post',
      event_payload: { installation: 'test', run: 7, slot: 'card' },
    });
    expect(slack.state.rejected).toEqual([]);
  });

  it('pings nobody and links nothing, whatever is posted and edited', async () => {
    const { slack, surface } = await open();
    for (const [index, words] of hostile.entries()) {
      const wild = message('bad', words, {
        lines: [{ tone: 'bad', name: words, text: words }],
        quote: words,
        footer: words,
      });
      const ref = await surface.post({ runId: index + 1, slot: 'card' }, wild, null);
      await surface.edit({ runId: index + 1, slot: 'card' }, ref, { ...wild, tone: 'good' });
    }
    expect(slack.state.rejected).toEqual([]);
    for (const one of slack.standing()) expect(one.effects).toEqual({ pings: [], links: [], formats: [] });
    expect(slack.standing().every((one) => one.edits === 1)).toBe(true);
  });

  it('pings exactly the one person a message mentions, and an edit nobody besides', async () => {
    const { slack, surface } = await open();
    const people = hostile.flatMap((name) => [
      { surface: 'slack', id: 'U0ADA', name },
      { surface: 'slack', id: name, name: 'Eve' },
      { surface: 'discord', id: '77', name },
    ]);
    for (const [index, mention] of people.entries()) {
      const name = { runId: index + 1, slot: 'mention' };
      const ref = await surface.post(name, message('bad', 'Your run failed', { mention }), null);
      await surface.edit(name, ref, message('bad', 'Your run failed after all', { mention }));
    }
    expect(slack.state.rejected).toEqual([]);
    const pings = slack.standing().map((one) => one.effects.pings.join());
    expect(pings).toEqual(people.map((person) => (person.id === 'U0ADA' ? '<@U0ADA>' : '')));
  });

  it.each<[string, Fault]>([
    ['cut after it was accepted', { kind: 'cut' }],
    ['answered 500 after it was accepted', { kind: 'http', status: 500, accept: true }],
  ])('does not know of a post whose call was %s, and finds it', async (_what, fault) => {
    const { slack, surface } = await open();
    const thread = await surface.post(card, text, null);
    slack.fail('chat.postMessage', fault);
    expect((await refusal(surface.post(reply, text, thread))).kind).toBe('later');
    expect(slack.standing()).toHaveLength(2);
    expect(await surface.find(reply, thread)).toEqual({
      channel: 'C0RUNS',
      ts: slack.standing()[1]?.ts,
      thread: thread['ts'],
    });
    expect(await surface.find(card, null)).toEqual(thread);
    expect(await surface.find({ runId: 8, slot: 'card' }, null)).toBeNull();
  });

  it('does not take the posts of another installation for its own', async () => {
    const { slack, surface } = await open();
    await surface.post(card, text, null);
    const [first] = slack.standing();
    if (first !== undefined)
      first.metadata = { event_type: 'rescrape_post', event_payload: { installation: 'other', run: 7, slot: 'card' } };
    expect(await surface.find(card, null)).toBeNull();
  });

  it('gives up a call that is never answered, and was not sent twice', async () => {
    const { slack, surface } = await open({ callMs: 200 });
    slack.fail('chat.postMessage', { kind: 'hang' });
    expect((await refusal(surface.post(card, text, null))).kind).toBe('later');
    expect(slack.state.calls.filter((call) => call.method === 'chat.postMessage')).toHaveLength(1);
  });

  it('holds its posting as long as Slack asks, and answers people meanwhile', async () => {
    const { slack, surface } = await open();
    slack.fail('chat.postMessage', { kind: 'rate_limited', retryAfter: 7 });
    expect(await refusal(surface.post(card, text, null))).toMatchObject({ kind: 'later', retryAfterMs: 7_000 });
    const held = await refusal(surface.post(card, text, null));
    expect(held.kind).toBe('later');
    expect(held.retryAfterMs).toBeGreaterThan(5_000);
    expect(slack.state.calls.filter((call) => call.method === 'chat.postMessage')).toHaveLength(1);
    expect((await slack.person.command('status')).answers()).toHaveLength(1);
  });

  it('brings every post of a storm of refusals, in order, each once', async () => {
    const { slack, surface } = await open();
    const bring = async (runId: number): Promise<void> => {
      const name = { runId, slot: 'card' };
      if (runId % 3 === 0) slack.fail('chat.postMessage', { kind: 'rate_limited', retryAfter: 0.05 });
      for (let tries = 0; tries < 50; tries += 1) {
        const failed = await surface.post(name, message('good', `Run ${runId}.`), null).then(
          () => null,
          (thrown: unknown) => thrown,
        );
        if (failed === null) return;
        await new Promise((resolve) => setTimeout(resolve, (failed as DeliveryError).retryAfterMs));
      }
    };
    for (let runId = 1; runId <= 30; runId += 1) await bring(runId);
    expect(slack.standing().map((one) => one.seen)).toEqual(
      Array.from({ length: 30 }, (_, index) => `✅ Run ${index + 1}.`),
    );
  });

  it.each<[string, Fault, DeliveryError['kind'], RegExp]>([
    ['the channel is archived', error('is_archived'), 'later', /SLACK_CHANNEL is archived: bring it back/],
    ['the bot is not in the channel', error('not_in_channel'), 'later', /invite it/],
    ['the channel is unknown', error('channel_not_found'), 'later', /SLACK_CHANNEL/],
    [
      'a scope is missing',
      error('missing_scope', 'chat:write'),
      'later',
      /SLACK_BOT_TOKEN lacks a scope \(chat:write\)/,
    ],
    ['the token is revoked', error('token_revoked'), 'later', /refuses SLACK_BOT_TOKEN \(token_revoked\)/],
    ['the thread is gone', error('thread_not_found'), 'gone', /no longer in Slack/],
    ['Slack has trouble', error('internal_error'), 'later', /internal_error/],
    ['the metadata is too much', error('metadata_too_large'), 'never', /does not take/],
    ['a proxy answers with a page', error('<html>evil & secret</html>'), 'later', /unreadable_answer/],
  ])('says what is wrong and what to do when %s', async (_what, fault, kind, why) => {
    const { slack, surface } = await open();
    slack.fail('chat.postMessage', fault);
    const refused = await refusal(surface.post(card, text, null));
    expect(refused.kind).toBe(kind);
    expect(refused.message).toMatch(why);
    expect(refused.message).not.toMatch(/canary|evil/);
  });

  it('tells a deleted message from one that may not be edited any more', async () => {
    const { slack, surface } = await open();
    const ref = await surface.post(card, text, null);
    const stored = slack.standing()[0];
    const channel = slack.state.channels.get('C0RUNS');
    if (stored === undefined || channel === undefined) throw new Error('nothing was posted');
    channel.editable = false;
    expect((await refusal(surface.edit(card, ref, text))).kind).toBe('never');
    stored.deleted = true;
    expect((await refusal(surface.edit(card, ref, text))).kind).toBe('gone');
    expect((await refusal(surface.post(reply, text, ref))).kind).toBe('gone');
    expect((await refusal(surface.edit(card, { ts: 5 }, text))).kind).toBe('gone');
  });

  it('sends one plain line when Slack refuses the text or the blocks', async () => {
    const { slack, surface } = await open();
    slack.fail('chat.postMessage', error('msg_blocks_too_long'));
    const ref = await surface.post(card, message('bad', 'Run 7 <failed>', { quote: 'long' }), null);
    expect(slack.standing().map((one) => one.seen)).toEqual(['❌ Run 7 &lt;failed&gt;']);
    slack.fail('chat.update', error('invalid_blocks'), 2);
    expect((await refusal(surface.edit(card, ref, text))).kind).toBe('never');
  });

  it('keeps a pace of small bursts', async () => {
    const { slack, surface } = await open({ burst: 2, paceMs: 120 });
    const began = performance.now();
    await Promise.all([1, 2, 3, 4].map((runId) => surface.post({ runId, slot: 'card' }, text, null)));
    // Two at once, then two that each had to wait: less than that would be too fast, more is a busy machine.
    expect(performance.now() - began).toBeGreaterThan(200);
    expect(slack.standing().map((one) => one.metadata?.['event_payload'])).toMatchObject([
      { run: 1 },
      { run: 2 },
      { run: 3 },
      { run: 4 },
    ]);
  });

  it('refuses what waits for its turn when it is stopped', async () => {
    const { surface } = await open({ burst: 1, paceMs: 60_000 });
    await surface.post(card, text, null);
    const waiting = refusal(surface.post(card, text, null));
    await surface.stop();
    expect((await waiting).kind).toBe('later');
  });
});
