/** Slack as the contract of delivery sees it. */
import { expect } from 'vitest';
import type { ChatService } from '../../contracts/delivery.ts';
import type { FakeSlack } from '../../fakes/slack/index.ts';
import { openSlack } from './open-slack.ts';

const delivering = /^(chat\.(postMessage|update)|conversations\.(history|replies))$/;

/** Opened and connected; `slack` is the fake, for what only it has. */
export async function slackService(): Promise<ChatService & { slack: FakeSlack }> {
  const { slack, surface, ...opened } = await openSlack();
  await expect.poll(() => surface.state().kind).toBe('up');
  const scopes = [...slack.state.scopes];
  const home = slack.state.channels.get(slack.channel);
  if (home === undefined) throw new Error('the fake has no home channel');
  return {
    slack,
    surface,
    standing: () => slack.standing().map((one) => ({ text: one.seen, isReply: one.thread !== null })),
    mistakes: () => slack.state.rejected,
    calls: () => slack.state.calls.filter(({ method }) => delivering.test(method)).length,
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
