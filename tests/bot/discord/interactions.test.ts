import { describe, expect, it } from 'vitest';
import { message, type Form } from '#bot/chat/message.ts';
import type { Reply, Request } from '#bot/chat/surface.ts';
import { outcomeText, startFakeDiscord, type FakeDiscord } from '../../fakes/discord/index.ts';
import { connectedDiscord } from './open.ts';

const retry = 'v1:retry:7:bet9ja';
const choose = 'v1:choose:7';
const form: Form = {
  id: choose,
  title: 'Retry run 7',
  intro: 'Which platforms?',
  choices: ['bet9ja', 'betpawa'].map((value) => ({ value, label: value, hint: '3 errors', checked: true })),
  text: null,
  submit: 'Retry',
  typed: 'Type /scrape retry 7 and the names of those you want.',
};

/** All that others read of an answer which could not be shown to Ada alone. */
const lost =
  '⚠️ Ada: your answer came too late to be shown to you alone.\nWhat you asked for may be done: see /scrape status before you ask again.';

function texts(discord: FakeDiscord): string[] {
  return [...discord.world.messages.values()].map((one) => discord.textOf(one)).filter((text) => !text.startsWith('['));
}

describe('what people do in Discord', () => {
  it('is handed in with who, where and in which roles, a thread counting as its channel', async () => {
    await using discord = await startFakeDiscord();
    await using opened = await connectedDiscord(discord);
    const ref = await opened.surface.post({ runId: 7, slot: 'card' }, message('good', 'card'), null);
    await opened.surface.post({ runId: 7, slot: 'job:bet9ja' }, message('good', 'reply'), ref);
    await discord.people.press(discord.plant(retry, String(ref['message'])), retry, {
      roles: ['55'],
      name: 'A\u202eda\n@here',
    });
    await discord.people.command('now', {}, { bot: true });
    await discord.people.command('now', {}, { pending: true });
    await discord.people.command('now', {}, { elsewhere: true });
    const { guild, channel, otherGuild } = discord.world;
    expect(opened.asked.map(({ actor, place }) => ({ actor, place }))).toEqual([
      {
        actor: { surface: 'discord', id: '1001', name: 'Ada @here' },
        place: { team: guild, channel, groups: ['55'], stranger: false },
      },
      expect.objectContaining({ place: { team: guild, channel, groups: [], stranger: true } }),
      expect.objectContaining({ place: { team: guild, channel, groups: [], stranger: true } }),
      expect.objectContaining({ place: { team: otherGuild, channel, groups: [], stranger: true } }),
    ]);
    expect(opened.asked.map((request) => request.id)).toEqual(discord.people.asked());
  });

  it('becomes the line that could have been typed, in the order of the usage', async () => {
    await using discord = await startFakeDiscord();
    await using opened = await connectedDiscord(discord);
    await discord.people.command('retry', { platforms: 'bet9ja betpawa', run: 42 });
    await discord.people.command('now');
    await discord.people.command('history', { n: 5 });
    expect(opened.asked.map((request) => request.asked)).toEqual([
      { kind: 'words', text: 'retry 42 bet9ja betpawa' },
      { kind: 'words', text: 'now' },
      { kind: 'words', text: 'history 5' },
    ]);
  });

  it('is asked once, however often Discord delivers it', async () => {
    await using discord = await startFakeDiscord();
    await using opened = await connectedDiscord(discord);
    await discord.people.press(discord.plant(retry), retry);
    discord.people.redeliver();
    discord.people.redeliver();
    await discord.people.press(discord.plant(choose), choose);
    discord.people.redeliver();
    await discord.people.press(discord.plant(retry), retry);
    expect(opened.asked.map((request) => request.id)).toEqual(discord.people.asked());
  });

  it('can be a choice from a menu, when there are more buttons than fit', async () => {
    await using discord = await startFakeDiscord();
    await using opened = await connectedDiscord(discord);
    const buttons = Array.from({ length: 12 }, (_, index) => ({
      id: `v1:retry:7:p${index}`,
      label: `Retry p${index}`,
      hint: null,
      disabled: false,
    }));
    const ref = await opened.surface.post({ runId: 7, slot: 'card' }, message('bad', 'card', { buttons }), null);
    await discord.people.press(String(ref['message']), 'v1:retry:7:p11');
    expect(opened.asked[0]?.asked).toMatchObject({ kind: 'press', action: 'v1:retry:7:p11' });
  });

  it('says what was pressed on: a message by its reference, or an answer of ours that only the asker was shown', async () => {
    await using discord = await startFakeDiscord();
    const buttons = [{ id: retry, label: 'Retry', hint: null, disabled: false }];
    const heard: Request[] = [];
    await using opened = await connectedDiscord(discord, {
      async answer(request): Promise<Reply> {
        heard.push(request);
        return { kind: 'message', message: message('good', 'here', { buttons }) };
      },
    });
    const { people, world } = discord;
    const ref = await opened.surface.post({ runId: 7, slot: 'card' }, message('bad', 'card', { buttons }), null);
    await people.press(String(ref['message']), retry);
    const answer = await people.command('now');
    if (answer.kind !== 'message') throw new Error('no answer');
    await people.pressPrivate(answer.message, retry);
    await people.pressPrivate({ ...answer.message, components: [] }, retry);
    expect(heard.map(({ asked }) => (asked.kind === 'words' ? null : asked.on))).toEqual([
      { kind: 'post', ref: { channel: world.channel, message: ref['message'] } },
      null,
      { kind: 'private' },
      { kind: 'foreign' },
    ]);
  });

  it('opens a form, and its submission is handed in with what was chosen', async () => {
    await using discord = await startFakeDiscord();
    const asked: Request['asked'][] = [];
    await using opened = await connectedDiscord(discord, {
      async answer(request): Promise<Reply> {
        asked.push(request.asked);
        if (request.asked.kind === 'press') return { kind: 'form', form };
        return { kind: 'message', message: message('good', 'on its way') };
      },
    });
    const shown = await discord.people.press(discord.plant(choose), choose);
    if (shown.kind !== 'form') throw new Error(`instead of a form came ${shown.kind}`);
    const outcome = await discord.people.submit(shown.modal, ['betpawa']);
    expect(outcome).toMatchObject({ kind: 'message', private: true, text: '✅ on its way' });
    expect(asked[1]).toMatchObject({ kind: 'submit', action: choose, chosen: ['betpawa'], text: null });
    expect(opened.surface.state()).toEqual({ kind: 'up' });
  });

  it('opens the form that asks why, and hands in what was written', async () => {
    await using discord = await startFakeDiscord();
    const asked: Request['asked'][] = [];
    const accept = 'v1:accept:7:bet9ja';
    const why: Form = { ...form, id: accept, choices: [], text: { label: 'Why?', example: 'No matches', most: 300 } };
    await using opened = await connectedDiscord(discord, {
      async answer(request): Promise<Reply> {
        asked.push(request.asked);
        if (request.asked.kind === 'press') return { kind: 'form', form: why };
        return { kind: 'message', message: message('good', 'accepted') };
      },
    });
    const shown = await discord.people.press(discord.plant(accept), accept);
    if (shown.kind !== 'form') throw new Error(`instead of a form came ${shown.kind}`);
    await discord.people.submit(shown.modal, [], { text: 'international break' });
    expect(asked[1]).toMatchObject({ kind: 'submit', action: accept, chosen: [], text: 'international break' });
    expect(discord.world.complaints).toEqual([]);
    expect(opened.surface.state()).toEqual({ kind: 'up' });
  });

  it('is answered with words where a form was expected, or where it took too long to make one', async () => {
    await using discord = await startFakeDiscord();
    let slow = false;
    const release = Promise.withResolvers<void>();
    await using opened = await connectedDiscord(
      discord,
      {
        async answer(): Promise<Reply> {
          if (!slow) return { kind: 'message', message: message('warning', 'nothing failed') };
          await release.promise;
          return { kind: 'form', form };
        },
      },
      { timing: { promptMs: 50 } },
    );
    const button = discord.plant(choose);
    const refused = await discord.people.press(button, choose);
    expect(refused).toMatchObject({ kind: 'message', private: true, text: '⚠️ nothing failed' });
    slow = true;
    const late = discord.people.press(button, choose);
    const deferred = () => [...discord.world.interactions.values()].at(-1)?.deferred;
    await expect.poll(deferred).toBe(true);
    release.resolve();
    expect(outcomeText(await late)).toContain('[Retry run 7]');
    expect(opened.surface.state()).toEqual({ kind: 'up' });
  });

  it('gets suggestions while it is typed, for the last word, and at most 25', async () => {
    await using discord = await startFakeDiscord();
    const asked: unknown[] = [];
    await using opened = await connectedDiscord(discord, {
      async suggest({ command, field, typed, run }) {
        asked.push([command, field, typed, run]);
        return Array.from({ length: 40 }, (_, index) => ({ label: `${field} ${index}`, value: String(index + 1) }));
      },
    });
    const runs = await discord.people.autocomplete('retry', 'run', '4');
    const platforms = await discord.people.autocomplete('retry', 'platforms', 'bet9ja bet', { run: 42 });
    expect(asked).toEqual([
      ['retry', 'run', '4', null],
      ['retry', 'platform', 'bet', 42],
    ]);
    if (runs.kind !== 'choices' || platforms.kind !== 'choices') throw new Error('there were no suggestions');
    expect(runs.choices).toHaveLength(25);
    expect(runs.choices[0]).toEqual({ name: 'run 0', value: 1 });
    expect(platforms.choices[0]).toEqual({ name: 'bet9ja platform 0', value: 'bet9ja 1' });
    expect(discord.world.complaints).toEqual([]);
    expect(opened.surface.state()).toEqual({ kind: 'up' });
  });

  it('is answered by its acknowledgement, so that what is acknowledged is done', async () => {
    await using discord = await startFakeDiscord();
    await using opened = await connectedDiscord(discord);
    await expect(discord.people.command('now')).resolves.toMatchObject({ private: true, text: '✅ answer 1' });
    const answers = discord.calls.filter((call) => /^\/(interactions|webhooks)\//.test(call.path));
    expect(answers.map((call) => call.method)).toEqual(['POST']);
    expect(opened.asked[0]?.until).toBeDefined();
  });

  it('is told in the channel when its answer comes too late, without what it says, and not when another answers', async () => {
    await using discord = await startFakeDiscord();
    await using opened = await connectedDiscord(discord);
    discord.faults.arm('POST /interactions/:id/:token/callback', { kind: 'refuse', status: 404, code: 10062 });
    void discord.people.command('now');
    await expect.poll(() => texts(discord)).toEqual([lost]);
    discord.faults.arm('POST /interactions/:id/:token/callback', { kind: 'refuse', status: 400, code: 40060 });
    void discord.people.command('now');
    await expect.poll(() => opened.asked.length).toBe(2);
    await expect(discord.people.command('now')).resolves.toMatchObject({ text: '✅ answer 3' });
    expect(texts(discord)).toEqual([lost]);
    expect(opened.logged.join('\n')).not.toContain('interaction-token');
  });

  it('is told in the channel without what the answer says when Discord does not show it', async () => {
    await using discord = await startFakeDiscord();
    const release = Promise.withResolvers<void>();
    await using opened = await connectedDiscord(
      discord,
      {
        async answer() {
          await release.promise;
          return { kind: 'message', message: message('good', 'for Ada alone') };
        },
      },
      { timing: { promptMs: 50 } },
    );
    const original = 'PATCH /webhooks/:app/:token/messages/@original';
    discord.faults.arm(original, { kind: 'refuse', status: 404, code: 10015 });
    void discord.people.command('now');
    await expect.poll(() => [...discord.world.interactions.values()].at(-1)?.deferred).toBe(true);
    release.resolve();
    await expect.poll(() => texts(discord)).toEqual([lost]);
    expect(opened.surface.state()).toEqual({ kind: 'up' });
  });

  it('is answered all the same when Discord stumbles', async () => {
    await using discord = await startFakeDiscord();
    const release = Promise.withResolvers<void>();
    let slow = false;
    await using opened = await connectedDiscord(
      discord,
      {
        async answer() {
          if (slow) await release.promise;
          return { kind: 'message', message: message('good', 'heard') };
        },
      },
      { timing: { promptMs: 50 } },
    );
    const callback = 'POST /interactions/:id/:token/callback';
    const original = 'PATCH /webhooks/:app/:token/messages/@original';
    discord.faults.arm(callback, { kind: 'cut', after: true });
    await expect(discord.people.command('now')).resolves.toMatchObject({ kind: 'message', text: '✅ heard' });
    slow = true;
    discord.faults.arm(callback, { kind: 'cut', after: true });
    discord.faults.arm(original, { kind: 'status', status: 502, after: false });
    discord.faults.arm(original, { kind: 'rate', seconds: 0.01 });
    const late = discord.people.command('now');
    await expect.poll(() => [...discord.world.interactions.values()].at(-1)?.deferred).toBe(true);
    release.resolve();
    await expect(late).resolves.toMatchObject({ kind: 'message', text: '✅ heard' });
    expect(discord.faults.left()).toBe(0);
    expect(opened.logged.join('\n')).not.toContain('interaction-token');
  });

  it('gets an apology when answering throws', async () => {
    await using discord = await startFakeDiscord();
    await using opened = await connectedDiscord(discord, { answer: () => Promise.reject(new Error('a secret')) });
    expect(outcomeText(await discord.people.command('now'))).toMatch(/did not work/);
    expect(opened.logged.join('\n')).not.toContain('a secret');
  });
});
