/** Slack as the contract of delivery sees it. */
import { expect } from 'vitest';
import type { Form } from '#bot/chat/message.ts';
import type { SlackTiming } from '#bot/slack/options.ts';
import type { ChatService, Kind, Trouble } from '../../contracts/delivery.ts';
import type { Fault, FakeSlack } from '../../fakes/slack/index.ts';
import { openSlack } from './open-slack.ts';

const delivering = /^(chat\.(postMessage|update)|conversations\.(history|replies))$/;

/** The methods behind a kind of calls; a thread needs no opening in Slack. */
const methods: Partial<Record<Kind, string[]>> = {
  post: ['chat.postMessage'],
  edit: ['chat.update'],
  look: ['conversations.history', 'conversations.replies'],
};

const faults: Record<Trouble, Fault> = {
  'taken, then cut': { kind: 'cut' },
  'taken, then 500': { kind: 'http', status: 500, accept: true },
  cut: { kind: 'refused' },
  '503': { kind: 'http', status: 503, accept: false },
  'slow down': { kind: 'rate_limited', retryAfter: 1 },
};

/** The form that everybody is answered with. */
export const aForm: Form = {
  id: 'v1:choose:1',
  title: 'Retry run 1',
  intro: 'Which platforms?',
  choices: ['bet9ja', 'betpawa'].map((value) => ({ value, label: value, hint: '3 errors', checked: true })),
  text: null,
  submit: 'Retry',
  typed: 'Type /scrape retry 1 and the names of those you want.',
};

/** Opened and connected; `slack` is the fake, for what only it has. */
export async function slackService(timing: Partial<SlackTiming> = {}): Promise<ChatService & { slack: FakeSlack }> {
  const { slack, surface, ...opened } = await openSlack({
    timing,
    answer: async () => ({ kind: 'form', form: aForm }),
  });
  await expect.poll(() => surface.state().kind).toBe('up');
  const scopes = [...slack.state.scopes];
  const home = slack.state.channels.get(slack.channel);
  if (home === undefined) throw new Error('the fake has no home channel');
  return {
    slack,
    surface,
    other: 'C0OPS',
    standing: () =>
      slack.standing().map(({ ts, seen, thread, channel }) => ({ id: ts, text: seen, card: thread, channel })),
    remove(id) {
      for (const one of slack.standing()) if (one.ts === id) one.deleted = true;
    },
    mistakes: () => [
      ...slack.state.rejected,
      ...slack.standing().flatMap(({ effects }) => [...effects.pings, ...effects.links, ...effects.formats]),
    ],
    calls: (channel) =>
      slack.state.calls.filter((call) => delivering.test(call.method) && (channel ?? call.channel) === call.channel)
        .length,
    next(kind, trouble, well = 0) {
      for (const method of methods[kind] ?? []) {
        if (well > 0) slack.fail(method, { kind: 'slow', ms: 1 }, well);
        slack.fail(method, faults[trouble]);
      }
    },
    async opensForm() {
      const before = slack.state.views.length;
      await slack.person.command('retry 1');
      await expect.poll(() => slack.state.views.length).toBe(before + 1);
    },
    wrong(what) {
      if (what === 'removed from the channel') home.member = false;
      if (what === 'not allowed to write') slack.limit(scopes.filter((scope) => scope !== 'chat:write'));
      if (what === 'the token is revoked') slack.state.revoked.bot = true;
    },
    right(what) {
      if (what === 'removed from the channel') home.member = true;
      if (what === 'not allowed to write') slack.limit(scopes);
      if (what === 'the token is revoked') slack.state.revoked.bot = false;
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}
