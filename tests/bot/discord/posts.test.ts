import { describe, expect, it } from 'vitest';
import { message } from '#bot/chat/message.ts';
import { DeliveryError } from '#bot/chat/surface.ts';
import { startFakeDiscord, type FakeDiscord } from '../../fakes/discord/index.ts';
import { openDiscord } from './open.ts';

const card = { runId: 7, slot: 'card' };
const reply = { runId: 7, slot: 'job:bet9ja' };
const text = message('bad', 'some words');
const posting = 'POST /channels/:id/messages';
const editing = 'PATCH /channels/:id/messages/:id';

/** What a delivery was refused with. */
async function refusal(delivery: Promise<unknown>): Promise<Partial<DeliveryError>> {
  const error = await delivery.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DeliveryError)) throw new Error('it was not refused with a DeliveryError');
  const { kind, message: why, retryAfterMs, needsPerson, onlyThis } = error;
  return { kind, message: why, retryAfterMs, needsPerson, onlyThis };
}

function cards(discord: FakeDiscord) {
  return discord.messagesIn(discord.world.channel);
}

describe('posting to Discord', () => {
  it('opens one thread under a card, named after its run, and posts all replies there', async () => {
    await using discord = await startFakeDiscord();
    await using opened = openDiscord(discord);
    const ref = await opened.surface.post(card, text, null);
    await opened.surface.post(reply, text, ref);
    // After a restart it is not remembered that the thread exists: the one there is, is taken.
    await using restarted = openDiscord(discord);
    await restarted.surface.post({ runId: 9, slot: 'card' }, text, ref);
    expect(discord.messagesIn(cards(discord)[0]?.id ?? '')).toHaveLength(2);
    expect(discord.world.channels.get(cards(discord)[0]?.id ?? '')?.name).toBe('Run 7');
    expect(discord.world.complaints).toEqual([]);
  });

  it('pings exactly the one person a message mentions, once: an edit asks for nobody', async () => {
    await using discord = await startFakeDiscord();
    await using opened = openDiscord(discord);
    const evil = '<@1> <@&2> @everyone <@78>';
    const people = [
      { surface: 'discord', id: '77', name: evil },
      { surface: 'discord', id: evil, name: 'Eve' },
      { surface: 'slack', id: '78', name: evil },
    ];
    for (const [index, mention] of people.entries()) {
      const name = { runId: index + 1, slot: 'mention' };
      const ref = await opened.surface.post(name, message('bad', evil, { mention }), null);
      await opened.surface.edit(name, ref, message('bad', `${evil} after all`, { mention }));
    }
    expect(discord.world.notified).toEqual(['77']);
    expect(discord.world.pings).toEqual([]);
    expect(discord.world.complaints).toEqual([]);
  });

  it.each([
    ['the answer is cut off', { kind: 'cut', after: true }],
    ['Discord fails after taking it', { kind: 'status', status: 500, after: true }],
  ] as const)('makes one message when %s and it is posted again', async (_when, fault) => {
    await using discord = await startFakeDiscord();
    await using opened = openDiscord(discord);
    discord.faults.arm(posting, fault);
    expect(await refusal(opened.surface.post(card, text, null))).toMatchObject({ kind: 'later' });
    // The nonce holds in another process too: it is made from the post's name.
    await using restarted = openDiscord(discord);
    const ref = await restarted.surface.post(card, text, null);
    expect(cards(discord)).toHaveLength(1);
    expect(ref).toMatchObject({ message: cards(discord)[0]?.id });
    expect(discord.calls).toHaveLength(2);
  });

  it('finds what was posted when nobody knows, for as long as it stands', async () => {
    await using discord = await startFakeDiscord();
    await using opened = openDiscord(discord);
    expect(await opened.surface.find(card, null)).toBeNull();
    const ref = await opened.surface.post(card, text, null);
    expect(await opened.surface.find(reply, ref)).toBeNull();
    const replyRef = await opened.surface.post(reply, text, ref);
    for (let other = 0; other < 150; other++) discord.plant(`button:${other}`);
    await using restarted = openDiscord(discord);
    expect(await restarted.surface.find(card, null)).toEqual(ref);
    expect(await restarted.surface.find(reply, ref)).toEqual(replyRef);
    await using foreign = openDiscord(discord, { installation: 'another database' });
    expect(await foreign.surface.find(card, null)).toBeNull();
  });

  it('gives up on a hanging call, to try again later', async () => {
    await using discord = await startFakeDiscord();
    await using opened = openDiscord(discord, { timing: { requestMs: 100 } });
    discord.faults.arm(posting, { kind: 'hang' });
    expect(await refusal(opened.surface.post(card, text, null))).toMatchObject({ kind: 'later' });
  });

  it.each([7, 600])('asks nobody for the %i seconds that Discord wants to be left alone', async (seconds) => {
    await using discord = await startFakeDiscord();
    await using opened = openDiscord(discord);
    discord.faults.arm(posting, { kind: 'rate', seconds });
    const first = await refusal(opened.surface.post(card, text, null));
    expect(first).toMatchObject({ kind: 'later', retryAfterMs: seconds * 1_000 });
    for (let run = 1; run <= 20; run++) {
      const held = await refusal(opened.surface.post({ runId: run, slot: 'card' }, text, null));
      expect(held.retryAfterMs).toBeGreaterThan(seconds * 1_000 - 5_000);
    }
    expect(discord.calls).toHaveLength(1);
  });

  it('believes nobody who wants to be left alone for years, and takes it for an hour', async () => {
    await using discord = await startFakeDiscord();
    await using opened = openDiscord(discord);
    discord.faults.arm(posting, { kind: 'rate', seconds: 99_999_999 });
    const hour = { kind: 'later', retryAfterMs: 3_600_000 };
    expect(await refusal(opened.surface.post(card, text, null))).toMatchObject(hour);
  });

  it('says that it has to wait instead of waiting in silence when the calls of a while are used up', async () => {
    await using discord = await startFakeDiscord();
    await using opened = openDiscord(discord);
    discord.faults.arm(posting, { kind: 'spent', seconds: 600 });
    await opened.surface.post(card, text, null);
    const held = await refusal(opened.surface.post({ runId: 8, slot: 'card' }, text, null));
    expect(held.kind).toBe('later');
    expect(held.retryAfterMs).toBeGreaterThan(500_000);
    expect(discord.calls).toHaveLength(1);
  });

  it.each([
    ['nothing', 'text/plain', ''],
    ['a page', 'text/html', '<html>welcome</html>'],
    ['JSON that is nothing', 'application/json', 'null'],
    ['JSON of something else', 'application/json', '{"id":7}'],
    ['broken JSON', 'application/json', '{"id":'],
  ])('takes %s for no message, looks for what was sent, and finds it', async (_what, type, page) => {
    await using discord = await startFakeDiscord();
    await using opened = openDiscord(discord);
    discord.faults.arm(posting, { kind: 'page', type, text: page });
    expect(await refusal(opened.surface.post(card, text, null))).toMatchObject({ kind: 'later' });
    const found = await opened.surface.find(card, null);
    expect(found).toMatchObject({ message: cards(discord)[0]?.id });
  });

  it('delivers everything once through a storm of slow-downs', async () => {
    await using discord = await startFakeDiscord();
    await using opened = openDiscord(discord);
    discord.faults.arm(posting, { kind: 'rate', seconds: 0.01 }, 30);
    for (let run = 1; run <= 10; run++) {
      const deliver = () => opened.surface.post({ runId: run, slot: 'card' }, message('good', `card ${run}.`), null);
      await expect
        .poll(() =>
          deliver().then(
            () => 'posted',
            () => 'later',
          ),
        )
        .toBe('posted');
    }
    const shown = cards(discord).map((one) => discord.textOf(one));
    expect(shown).toEqual(Array.from({ length: 10 }, (_, index) => `✅ card ${index + 1}.`));
    expect(discord.calls).toHaveLength(40);
  });
});

describe('editing in Discord', () => {
  it('says that a deleted card is gone, and posts another in its place at once', async () => {
    await using discord = await startFakeDiscord();
    await using opened = openDiscord(discord);
    const ref = await opened.surface.post(card, text, null);
    discord.deleteMessage(String(ref['message']));
    expect(await refusal(opened.surface.edit(card, ref, text))).toMatchObject({ kind: 'gone' });
    await opened.surface.edit(card, await opened.surface.post(card, text, null), text);
    expect(cards(discord)).toHaveLength(1);
  });

  it('says that a reply is gone with its thread, and that a thread is gone with its card', async () => {
    await using discord = await startFakeDiscord();
    await using opened = openDiscord(discord);
    const ref = await opened.surface.post(card, text, null);
    const replyRef = await opened.surface.post(reply, text, ref);
    discord.deleteChannel(String(ref['message']));
    expect(await refusal(opened.surface.edit(reply, replyRef, text))).toMatchObject({ kind: 'gone' });
    // The card still stands and takes a new thread.
    await opened.surface.post({ runId: 7, slot: 'job:betpawa' }, text, ref);
    discord.deleteChannel(String(ref['message']));
    discord.deleteMessage(String(ref['message']));
    expect(await refusal(opened.surface.post(reply, text, ref))).toMatchObject({ kind: 'gone' });
  });

  it('opens an archived thread once to edit in it, and leaves a locked one alone', async () => {
    await using discord = await startFakeDiscord();
    await using opened = openDiscord(discord);
    const ref = await opened.surface.post(card, text, null);
    const replyRef = await opened.surface.post(reply, text, ref);
    const thread = discord.world.channels.get(String(ref['message']));
    if (thread === undefined) throw new Error('there is no thread');
    thread.archived = true;
    await opened.surface.edit(reply, replyRef, message('good', 'edited after all'));
    expect(discord.messagesIn(thread.id).map((one) => discord.textOf(one))).toEqual(['✅ edited after all']);
    Object.assign(thread, { archived: true, locked: true });
    expect(await refusal(opened.surface.edit(reply, replyRef, text))).toMatchObject({ kind: 'never' });
    expect(await refusal(opened.surface.post({ runId: 8, slot: 'card' }, text, ref))).toMatchObject({ kind: 'never' });
  });

  it('waits with an old message that was edited too often, and with nothing else', async () => {
    await using discord = await startFakeDiscord();
    await using opened = openDiscord(discord);
    const ref = await opened.surface.post(card, text, null);
    discord.faults.arm(editing, { kind: 'rate', seconds: 1, code: 30046 });
    const refused = await refusal(opened.surface.edit(card, ref, text));
    expect(refused).toMatchObject({ kind: 'later' });
    expect(refused.retryAfterMs).toBeGreaterThanOrEqual(60_000);
    await opened.surface.post({ runId: 8, slot: 'card' }, text, null);
  });

  it.each([
    [403, 50001, 'later', /View Channel/],
    [403, 50013, 'later', /Send Messages/],
    [404, 10003, 'never', /DISCORD_CHANNEL/],
  ])('says what to do when Discord refuses with %i and code %i', async (status, code, how, words) => {
    await using discord = await startFakeDiscord();
    await using opened = openDiscord(discord);
    const ref = await opened.surface.post(card, text, null);
    discord.faults.arm(posting, { kind: 'refuse', status, code });
    discord.faults.arm(editing, { kind: 'refuse', status, code });
    const deliveries = [() => opened.surface.post(reply, text, null), () => opened.surface.edit(card, ref, text)];
    for (const deliver of deliveries) {
      expect(await refusal(deliver())).toMatchObject({
        kind: how,
        needsPerson: true,
        message: expect.stringMatching(words) as string,
      });
    }
  });

  it('names the variable of a refused token, and stops asking for a while', async () => {
    await using discord = await startFakeDiscord();
    await using opened = openDiscord(discord, { timing: { refusedMs: 60_000 } });
    discord.world.token = 'another-token';
    const refused = await refusal(opened.surface.post(card, text, null));
    expect(refused).toMatchObject({ kind: 'later', retryAfterMs: 60_000 });
    expect(refused.message).toContain('DISCORD_TOKEN');
    expect(refused.message).not.toContain('the-right-token');
    await refusal(opened.surface.post(card, text, null));
    expect(discord.calls).toHaveLength(1);
  });
});

describe('a file in Discord', () => {
  const file = { runId: 7, slot: 'file:3' };
  const told = message('quiet', 'Ada asked what run 7 misses', { file: { id: 3, name: 'run-7-bet9ja-missing-3.csv' } });

  it('that lacks its right waits alone, and says which right it is', async () => {
    await using discord = await startFakeDiscord();
    await using opened = openDiscord(discord);
    await opened.surface.start({
      answer: async () => ({ kind: 'message', message: text }),
      suggest: async () => [],
      file: async () => Buffer.from('run\r\n7\r\n'),
    });
    const ref = await opened.surface.post(card, text, null);
    await opened.surface.post(reply, text, ref);
    discord.faults.arm(posting, { kind: 'refuse', status: 403, code: 50013 });
    expect(await refusal(opened.surface.post(file, told, ref))).toMatchObject({
      kind: 'later',
      message: 'The bot may not put files into its threads: allow it “Attach Files” there.',
      needsPerson: true,
      onlyThis: true,
    });
    await opened.surface.post(file, told, ref);
    expect(discord.messagesIn(cards(discord)[0]?.id ?? '').flatMap((one) => one.attachments)).toHaveLength(1);
    expect(discord.world.complaints).toEqual([]);
  });
});
