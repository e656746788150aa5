import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { message } from '#bot/chat/message.ts';
import type { SlackOptions } from '#bot/slack/options.ts';
import type { FakeSlack } from '../../fakes/slack/index.ts';
import { openSlack, type OpenSlack } from './open-slack.ts';

let opened: OpenSlack[] = [];
const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);

beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => {
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});
afterEach(async () => {
  await Promise.all(opened.map((one) => one[Symbol.asyncDispose]()));
  opened = [];
});

async function open(
  given: { before?: (slack: FakeSlack) => void; options?: (slack: FakeSlack) => Partial<SlackOptions> } = {},
): Promise<OpenSlack> {
  const one = await openSlack(given);
  opened = [...opened, one];
  return one;
}

async function up({ surface, slack }: OpenSlack, sockets = 2): Promise<void> {
  await expect.poll(() => surface.state()).toEqual({ kind: 'up' });
  await expect.poll(() => slack.sockets.open).toBe(sockets);
}

const down = { kind: 'down', why: expect.any(String) as string, needsPerson: true };
const secrets = /canary/;

describe('the connection to Slack', () => {
  it('is kept twice, so that a refresh of one loses no command', async () => {
    const one = await open();
    await up(one);
    let lost = 0;
    for (let round = 0; round < 12; round += 1) {
      one.slack.sockets.refresh(1);
      const commands = await Promise.all(
        [1, 2, 3, 4].map((count) => one.slack.person.command(`now ${round}-${count}`)),
      );
      lost += commands.filter((command) => !command.acked).length;
      await up(one);
    }
    expect(lost).toBe(0);
    expect(one.asked).toHaveLength(48);
    await up(one);
  });

  it('comes back when both are dropped', async () => {
    const one = await open();
    await up(one);
    one.slack.sockets.drop();
    await expect.poll(() => one.slack.sockets.greeted).toBe(4);
    await up(one);
    expect((await one.slack.person.command('now')).acked).toBe(true);
  });

  it('is noticed when it is silent, and replaced', async () => {
    const one = await open();
    await up(one);
    one.slack.sockets.fallSilent();
    await expect.poll(() => one.slack.sockets.greeted).toBeGreaterThanOrEqual(4);
    await up(one);
    expect((await one.slack.person.command('now')).acked).toBe(true);
  });

  it('says that it is down while Slack refuses it, and is up when Slack is back', async () => {
    const one = await open();
    await up(one);
    one.slack.sockets.refuse(true);
    one.slack.sockets.drop();
    await expect.poll(() => one.surface.state()).toEqual({ kind: 'down', why: 'Slack cannot be reached.' });
    await expect.poll(() => one.slack.sockets.issued).toBeGreaterThan(8);
    one.slack.sockets.refuse(false);
    await up(one);
  });

  it('gives up an address that is never handed out, and asks for another', async () => {
    const one = await openSlack({
      timing: { callMs: 100 },
      before: (slack) => slack.fail('apps.connections.open', { kind: 'hang' }, 2),
    });
    opened = [...opened, one];
    await up(one);
  });

  it('gives up a connection that is never greeted, and leaves none of them open', async () => {
    const one = await openSlack({ timing: { connectMs: 150 }, before: (slack) => slack.sockets.withholdHello(true) });
    opened = [...opened, one];
    await expect.poll(() => one.surface.state()).toEqual({ kind: 'down', why: 'Slack cannot be reached.' });
    await expect.poll(() => one.slack.sockets.issued).toBeGreaterThan(4);
    one.slack.sockets.withholdHello(false);
    await up(one);
  });

  it('leaves no connection behind whose address came after it was given up', async () => {
    const one = await openSlack({
      timing: { connectMs: 100 },
      before: (slack) => slack.fail('apps.connections.open', { kind: 'slow', ms: 500 }, 2),
    });
    opened = [...opened, one];
    await up(one);
    await expect.poll(() => one.slack.sockets.issued).toBeGreaterThanOrEqual(4);
    for (let count = 0; count < 20; count += 1) await one.slack.person.command('now');
    expect(one.slack.sockets.open).toBe(2);
  });

  it('brings an answer although its connection was refreshed while it was made', async () => {
    const slow = Promise.withResolvers<void>();
    const one = await openSlack({
      answer: async () => slow.promise.then(() => ({ kind: 'message' as const, message: message('good', 'done') })),
    });
    opened = [...opened, one];
    await up(one);
    const asking = one.slack.person.command('now');
    await expect.poll(() => one.asked.length).toBe(1);
    one.slack.sockets.refresh();
    await expect.poll(() => one.slack.sockets.greeted).toBe(4);
    slow.resolve();
    await expect.poll(() => one.slack.state.privately.map((answer) => answer.seen)).toEqual(['✅ done']);
    expect((await asking).acked).toBe(false);
  });

  it.each([
    'null',
    '[]',
    '"x"',
    '{}',
    '{"type":"events_api"}',
    '{"type":"events_api","envelope_id":"e","payload":{"event":null}}',
    '{"type":"interactive","envelope_id":"e"}',
    '{"type":"slash_commands","envelope_id":"e","payload":null}',
    '{"type":"interactive","envelope_id":"e","payload":{"type":"block_actions","actions":[null]}}',
    '{"type":"interactive","envelope_id":"e","payload":{"type":"view_submission","view":{}}}',
    '{"type":"__proto__","__proto__":{"type":"hello"}}',
    '{"type":"ws_message"}',
    'no JSON',
  ])('outlives a message that is none: %s', async (text) => {
    const one = await open();
    await up(one);
    one.slack.sockets.say(text);
    expect((await one.slack.person.command('now')).acked).toBe(true);
    await up(one);
  });

  it.each([3_600, 99_999_999])('waits %d seconds when Slack asks for it before it connects again', async (seconds) => {
    const one = await open({
      before: (slack) => slack.fail('apps.connections.open', { kind: 'rate_limited', retryAfter: seconds }, 2),
    });
    await expect
      .poll(() => one.surface.state())
      .toEqual({ kind: 'down', why: expect.stringContaining('asks to wait') as string });
    // Many times the longest wait between two tries.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(one.slack.sockets.issued).toBe(0);
  });

  it('says so when other bots have taken every connection of the app', async () => {
    const taken = { kind: 'error', code: 'too_many_websockets' } as const;
    const one = await open({ before: (slack) => slack.fail('apps.connections.open', taken, 6) });
    await expect.poll(() => JSON.stringify(one.surface.state())).toContain('stop bots that still run with this app');
    await up(one);
  });

  it('outlives a revoked app token: says which variable is wrong, and heals by itself', async () => {
    const one = await open();
    await up(one);
    one.slack.state.revoked.app = true;
    one.slack.sockets.refresh();
    await expect.poll(() => one.surface.state()).toEqual(down);
    expect(JSON.stringify(one.surface.state())).toMatch(/SLACK_APP_TOKEN \(token_revoked\)/);
    await expect(
      one.surface.post({ runId: 7, slot: 'card' }, message('good', 'posted all the same'), null),
    ).resolves.toBeDefined();
    one.slack.state.revoked.app = false;
    await up(one);
    expect(one.logged()).not.toMatch(secrets);
  });

  it('outlives a revoked bot token: says which variable is wrong, and heals by itself', async () => {
    const one = await open();
    await up(one);
    one.slack.state.revoked.bot = true;
    const name = { runId: 7, slot: 'card' };
    await expect(one.surface.post(name, message('good', 'x'), null)).rejects.toThrow(/SLACK_BOT_TOKEN/);
    await expect.poll(() => one.surface.state()).toEqual(down);
    expect(JSON.stringify(one.surface.state())).toMatch(/SLACK_BOT_TOKEN \(token_revoked\)/);
    one.slack.state.revoked.bot = false;
    await up(one);
    await one.surface.post(name, message('good', 'x'), null);
    expect(one.logged()).not.toMatch(secrets);
  });

  it.each<[string, (slack: FakeSlack) => Partial<SlackOptions>, RegExp]>([
    ['a wrong bot token', () => ({ botToken: 'xoxb-canary-wrong' }), /SLACK_BOT_TOKEN \(invalid_auth\)/],
    ['a wrong app token', () => ({ appToken: 'xapp-canary-wrong' }), /SLACK_APP_TOKEN \(invalid_auth\)/],
    [
      'the tokens mixed up',
      ({ state }) => ({ botToken: state.tokens.app, appToken: state.tokens.bot }),
      /SLACK_BOT_TOKEN \(not_allowed/,
    ],
    ['nothing to hear through', () => ({ appToken: null }), /set SLACK_APP_TOKEN, or SLACK_SIGNING_SECRET/],
  ])('starts with %s, and says so without showing it', async (_what, options, why) => {
    const one = await openSlack({ options });
    opened = [...opened, one];
    await expect.poll(() => JSON.stringify(one.surface.state())).toMatch(why);
    expect(JSON.stringify(one.surface.state()) + one.logged()).not.toMatch(secrets);
  });

  it('is stopped while it connects, at once and for good', async () => {
    const one = await open({ before: (slack) => slack.fail('apps.connections.open', { kind: 'hang' }, 2) });
    await one.surface.stop();
    await one.surface.stop();
    expect(one.slack.sockets.open).toBe(0);
  });

  it('acknowledges what was asked before it is stopped', async () => {
    const slow = Promise.withResolvers<void>();
    const one = await openSlack({
      answer: async () => slow.promise.then(() => ({ kind: 'message' as const, message: message('good', 'done') })),
    });
    opened = [...opened, one];
    await up(one);
    const asking = one.slack.person.command('now');
    await expect.poll(() => one.asked.length).toBe(1);
    const stopping = one.surface.stop();
    slow.resolve();
    expect((await asking).answers().map((answer) => answer.seen)).toEqual(['✅ done']);
    await stopping;
    await expect.poll(() => one.slack.sockets.open).toBe(0);
  });
});
