import { afterEach, describe, expect, it } from 'vitest';
import { message } from '#bot/chat/message.ts';
import { serve } from '../../helpers/loopback.ts';
import { openSlack, said, type OpenSlack } from './open-slack.ts';

const signingSecret = 'canary-signing-secret';
let opened: OpenSlack[] = [];
afterEach(async () => {
  await Promise.all(opened.map((one) => one[Symbol.asyncDispose]()));
  opened = [];
});

async function open(port = 0): Promise<OpenSlack> {
  const one = await openSlack({
    options: () => ({ appToken: null, signingSecret, http: { port, host: '127.0.0.1' } }),
    answer: async () => said(message('good', 'heard')),
  });
  opened = [...opened, one];
  return one;
}

async function up(one: OpenSlack, secret = signingSecret, skewS = 0): Promise<void> {
  await expect.poll(() => one.surface.state()).toEqual({ kind: 'up' });
  one.slack.person.overHttp(`http://127.0.0.1:${one.surface.port()}/slack/events`, secret, skewS);
}

describe('Slack over HTTP', () => {
  it('hands in commands, presses and mentions that are signed', async () => {
    const one = await open();
    await up(one);
    const button = { id: 'v1:retry:7', label: 'Retry', hint: null, disabled: false };
    const ref = await one.surface.post({ runId: 7, slot: 'card' }, message('bad', 'x', { buttons: [button] }), null);
    const { person } = one.slack;
    expect((await person.command('now')).answers().map((answer) => answer.seen)).toEqual(['✅ heard']);
    const doings = [
      await person.press(String(ref['ts']), 'v1:retry:7'),
      await person.mention('status', String(ref['ts'])),
    ];
    for (const done of doings) {
      expect(done.acked).toBe(true);
      await expect.poll(() => done.answers().length).toBe(1);
    }
    expect(one.asked.map((request) => request.asked.kind)).toEqual(['words', 'press', 'words']);
    expect(one.slack.sockets.issued).toBe(0);
  });

  it.each([
    ['signed with another secret', 'another', 0],
    ['signed long ago', signingSecret, -301],
  ])('refuses what is %s', async (_what, secret, skewS) => {
    const one = await open();
    await up(one, secret, skewS);
    expect((await one.slack.person.command('now')).acked).toBe(false);
    expect(one.asked).toEqual([]);
    expect(one.logged()).not.toContain('canary');
  });

  it('does nothing about what is signed for the future', async () => {
    const one = await open();
    await up(one, signingSecret, 400);
    expect((await one.slack.person.command('now')).answers()).toEqual([]);
    one.slack.person.overHttp(`http://127.0.0.1:${one.surface.port()}/slack/events`, signingSecret);
    await one.slack.person.command('status');
    expect(one.asked.map((request) => request.asked)).toEqual([{ kind: 'words', text: 'status' }]);
  });

  it('waits for its port when something else has it', async () => {
    const other = await serve(() => {});
    const one = await open(other.port);
    await expect
      .poll(() => one.surface.state())
      .toEqual({
        kind: 'down',
        why: `The port ${other.port} for Slack's requests cannot be listened on: free it, or set another one.`,
      });
    await other[Symbol.asyncDispose]();
    await expect.poll(() => one.surface.state()).toEqual({ kind: 'up' });
  });
});
