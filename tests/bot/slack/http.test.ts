import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { message } from '#bot/chat/message.ts';
import { checkDoor } from '#bot/slack/http-check.ts';
import { serve } from '../../helpers/loopback.ts';
import { openSlack, said, type OpenSlack } from './open-slack.ts';

const signingSecret = 'canary-signing-secret';
let opened: OpenSlack[] = [];
afterEach(async () => {
  await Promise.all(opened.map((one) => one[Symbol.asyncDispose]()));
  opened = [];
});

async function open(port = 0, host = '127.0.0.1'): Promise<OpenSlack> {
  const one = await openSlack({
    options: () => ({ appToken: null, http: { signingSecret, port, host } }),
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
    ['signed for the future', signingSecret, 400],
  ])('refuses what is %s', async (_what, secret, skewS) => {
    const one = await open();
    await up(one, secret, skewS);
    expect((await one.slack.person.command('now')).acked).toBe(false);
    expect(one.asked).toEqual([]);
    expect(one.logged()).not.toContain('canary');
  });

  it('answers an event that Slack delivers again, because it did not hear us, once', async () => {
    const one = await open();
    await up(one);
    const mention = await one.slack.person.mention('status');
    expect((await mention.again()).acked).toBe(true);
    const other = await one.slack.person.mention('status');
    await expect.poll(() => other.answers()).toHaveLength(1);
    expect(one.asked).toHaveLength(2);
  });

  it('reads nothing that is not for Slack, and not on when it is too long', async () => {
    const one = await open();
    await up(one);
    const url = `http://127.0.0.1:${one.surface.port()}`;
    const status = async (path: string, init?: RequestInit) => (await fetch(url + path, init)).status;
    expect(await status('/')).toBe(404);
    expect(await status('//')).toBe(404);
    expect(await status('/slack/events')).toBe(405);
    expect(await status('/slack/events', { method: 'POST', body: '{}' })).toBe(401);
    expect(await status('/slack/events', { method: 'POST', body: 'x'.repeat(2_000_000) })).toBe(413);
    expect((await one.slack.person.command('now')).acked).toBe(true);
    expect(one.asked).toHaveLength(1);
  });

  it.each([
    ['null', 'application/json', 'null'],
    ['null in a form', 'application/x-www-form-urlencoded', 'payload=null'],
    ['a number', 'application/json', '7'],
    ['a list', 'application/json', '[{"command":"/scrape"}]'],
    ['half an object', 'application/json', '{"command":'],
  ])('refuses what is signed and says nothing: %s', async (_what, type, body) => {
    const one = await open();
    await up(one);
    const timestamp = String(Math.floor(Date.now() / 1000));
    const send = (secret: string) => {
      const code = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
      const signed = { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${code}` };
      const headers = { 'content-type': type, ...signed };
      return fetch(`http://127.0.0.1:${one.surface.port()}/slack/events`, { method: 'POST', body, headers });
    };
    expect((await send(signingSecret)).status).toBe(400);
    expect((await send('another')).status).toBe(401);
    expect((await one.slack.person.command('now')).acked).toBe(true);
    expect(one.asked).toHaveLength(1);
  });

  it('tells Slack that the address is right, which is how Slack checks it', async () => {
    const one = await open();
    await up(one);
    const answer = await one.slack.person.verifyUrl('a challenge');
    expect(answer).toEqual({
      acked: true,
      payload: { challenge: 'a challenge' },
      tookMs: expect.any(Number) as number,
    });
  });

  it('is found by the doctor, who knows whether it has the same secret', async () => {
    const one = await open();
    await up(one);
    const http = { signingSecret, host: '0.0.0.0', port: one.surface.port() ?? 0 };
    expect((await checkDoor(http)).state).toBe('good');
    expect(await checkDoor({ ...http, signingSecret: 'another' })).toMatchObject({
      state: 'bad',
      what: expect.stringContaining('another signing secret') as string,
    });
    const other = await serve((_request, response) => response.end('something else'));
    expect((await checkDoor({ ...http, port: other.port })).what).toContain('something else answers');
    await other[Symbol.asyncDispose]();
    expect(await checkDoor({ ...http, port: other.port })).toMatchObject({ state: 'note' });
    expect(await checkDoor({ ...http, port: 0 })).toMatchObject({ state: 'note' });
  });

  it('stops although somebody holds a connection open', async () => {
    const one = await open();
    await up(one);
    const socket = connect(one.surface.port() ?? 0, '127.0.0.1');
    socket.on('error', () => {});
    socket.write('POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n');
    await once(socket, 'connect');
    const ended = once(socket, 'close');
    await one.surface.stop();
    await ended;
    expect(one.surface.port()).toBeNull();
  });

  it('says so when this machine does not have the address', async () => {
    const one = await open(0, '192.0.2.1');
    await expect
      .poll(() => one.surface.state())
      .toMatchObject({
        kind: 'down',
        why: 'This machine has no address 192.0.2.1: set SLACK_HOST to one it has, or to 0.0.0.0.',
      });
  });

  it('waits for its port when something else has it', async () => {
    const other = await serve(() => {});
    const one = await open(other.port);
    await expect
      .poll(() => one.surface.state())
      .toMatchObject({
        kind: 'down',
        why: `Port ${other.port} on 127.0.0.1 is not free for Slack's requests: set SLACK_PORT to another one, or free it.`,
      });
    await other[Symbol.asyncDispose]();
    await expect.poll(() => one.surface.state()).toEqual({ kind: 'up' });
  });
});
