import { afterEach, describe, expect, it } from 'vitest';
import { message, type Form } from '#bot/chat/message.ts';
import type { Reply, Request } from '#bot/chat/surface.ts';
import { openSlack, said, type OpenSlack } from './open-slack.ts';

let opened: OpenSlack[] = [];
afterEach(async () => {
  for (const one of opened) expect(one.slack.state.rejected).toEqual([]);
  await Promise.all(opened.map((one) => one[Symbol.asyncDispose]()));
  opened = [];
});

async function open(answer?: (request: Request) => Promise<Reply>, timing = {}): Promise<OpenSlack> {
  const one = await openSlack({ answer, timing });
  opened = [...opened, one];
  await expect.poll(() => one.surface.state().kind).toBe('up');
  return one;
}

const retryBet9ja = 'v1:retry:7:bet9ja';
const button = { id: retryBet9ja, label: 'Retry bet9ja (1/3)', hint: 'from extract', disabled: false };

async function aBrokenRun({ surface }: OpenSlack) {
  const card = await surface.post({ runId: 7, slot: 'card' }, message('bad', 'Run 7 failed'), null);
  const broken = message('bad', 'bet9ja broke', { buttons: [button] });
  const reply = await surface.post({ runId: 7, slot: 'job:bet9ja' }, broken, card);
  return { card: String(card['ts']), reply: String(reply['ts']) };
}

const form: Form = {
  id: 'v1:choose:7',
  title: 'Retry run 7',
  intro: 'Which platforms?',
  choices: ['bet9ja', 'betpawa'].map((value) => ({ value, label: value, hint: '3 errors', checked: true })),
  text: null,
  submit: 'Retry',
  typed: 'Type /scrape retry 7 and the names of those you want.',
};

describe('asking in Slack', () => {
  it('hands in a command with who asked and where, and answers in its acknowledgement, privately', async () => {
    const { slack, asked } = await open(async () => said(message('good', 'Run 8 is on its way')));
    const done = await slack.person.command('now bet9ja');
    expect(done.acked).toBe(true);
    expect(done.answers().map((answer) => answer.seen)).toEqual(['✅ Run 8 is on its way']);
    expect(asked).toEqual([
      {
        surface: 'slack',
        id: expect.stringMatching(/^command:[\w-]{43}$/) as string,
        actor: { surface: 'slack', id: 'U0ADA', name: 'Ada' },
        place: { team: 'T0OURS', channel: 'C0RUNS', groups: [], unknownGroups: [], stranger: false },
        asked: { kind: 'words', text: 'now bet9ja' },
        until: expect.any(Number) as number,
      },
    ]);
  });

  it('acknowledges a press with nothing, and answers beside it, in the thread it stands in', async () => {
    const one = await open();
    const { reply, card } = await aBrokenRun(one);
    const done = await one.slack.person.press(reply, retryBet9ja);
    expect(done).toMatchObject({ acked: true, payload: {} });
    await expect.poll(() => done.answers()).toMatchObject([{ seen: '✅ heard', thread: card }]);
    expect(one.asked[0]?.asked).toEqual({
      kind: 'press',
      action: retryBet9ja,
      on: { kind: 'post', ref: { channel: 'C0RUNS', ts: reply } },
    });
  });

  it('takes what Slack delivers twice for one request, whatever kind it is', async () => {
    const one = await open();
    const { reply } = await aBrokenRun(one);
    const { person } = one.slack;
    const doings = [() => person.command('now'), () => person.press(reply, retryBet9ja), () => person.shortcut(reply)];
    for (const doing of doings) {
      const from = one.asked.length;
      await (await doing()).again();
      await expect.poll(() => one.asked.length).toBe(from + 2);
      expect(one.asked[from + 1]?.id).toBe(one.asked[from]?.id);
    }
    await person.press(reply, retryBet9ja);
    await expect.poll(() => one.asked.length).toBe(7);
    expect(new Set(one.asked.map((request) => request.id)).size).toBe(4);
  });

  it('answers a mention once that Slack delivers again', async () => {
    const one = await open();
    const mention = await one.slack.person.mention('status');
    await mention.again();
    const other = await one.slack.person.mention('status');
    await expect.poll(() => other.answers()).toHaveLength(1);
    expect(one.asked).toHaveLength(2);
  });

  it('opens a form, and shows the answer to what was chosen where the form stood', async () => {
    const one = await open(async ({ asked }) =>
      asked.kind === 'submit' ? said(message('good', 'Run 8 retries betpawa')) : { kind: 'form', form },
    );
    await one.slack.person.command('retry 7');
    await expect.poll(() => one.slack.state.views.length).toBe(1);
    const done = await one.slack.person.submit(['betpawa']);
    expect(one.asked[1]).toMatchObject({
      asked: { kind: 'submit', action: 'v1:choose:7', chosen: ['betpawa'], text: null },
      place: { channel: 'C0RUNS' },
    });
    expect(done.answers().map((answer) => answer.seen)).toEqual([expect.stringMatching(/^✅ Run 8 retries betpawa/)]);
    await done.again();
    expect(one.asked[2]?.id).toBe(one.asked[1]?.id);
  });

  it('hands in what was written into a form', async () => {
    const why: Form = {
      ...form,
      id: 'v1:accept:7:bet9ja',
      choices: [],
      text: { label: 'Why?', example: '', most: 300 },
    };
    const one = await open(async ({ asked }) =>
      asked.kind === 'submit' ? said(message('good', 'accepted')) : { kind: 'form', form: why },
    );
    await one.slack.person.command('status');
    await expect.poll(() => one.slack.state.views.length).toBe(1);
    await one.slack.person.submit([], { text: 'break <!channel>' });
    const asked = { kind: 'submit', action: 'v1:accept:7:bet9ja', chosen: [], text: 'break <!channel>' };
    expect(one.asked[1]?.asked).toMatchObject(asked);
    expect(one.slack.state.rejected).toEqual([]);
  });

  it('hears presses inside a private answer, be it a message or a modal', async () => {
    const one = await open(async ({ asked }) =>
      asked.kind === 'words' && asked.text === 'form'
        ? { kind: 'form', form }
        : said(message('good', 'There', { buttons: [button] })),
    );
    const { person, state } = one.slack;
    const command = await person.command('status');
    await person.pressPrivate(command.answers()[0] ?? expect.fail('no answer'), retryBet9ja);
    await person.command('form');
    await expect.poll(() => state.views.length).toBe(1);
    const modal = await person.submit([]);
    const pressed = await person.pressPrivate(modal.answers()[0] ?? expect.fail('no answer'), retryBet9ja);
    await expect.poll(() => pressed.answers().length).toBe(1);
    const presses = one.asked.filter((request) => request.asked.kind === 'press');
    expect(presses.map((request) => request.place.channel)).toEqual(['C0RUNS', 'C0RUNS']);
  });

  it('reads a command from a mention in a thread, and answers there, privately', async () => {
    const one = await open();
    const { card } = await aBrokenRun(one);
    const done = await one.slack.person.mention('retry 7 bet9ja &amp; &lt;more&gt;', card);
    expect(done.acked).toBe(true);
    await expect.poll(() => done.answers()).toMatchObject([{ seen: '✅ heard', thread: card }]);
    expect(one.asked[0]?.asked).toEqual({ kind: 'words', text: 'retry 7 bet9ja & <more>' });
  });

  it('retries what failed in the run a message tells of, by its shortcut', async () => {
    const one = await open();
    const { reply } = await aBrokenRun(one);
    await one.slack.person.shortcut(reply);
    expect(one.asked[0]?.asked).toMatchObject({ kind: 'press', action: 'v1:retry:7', lasting: true });
  });

  it('says so when the shortcut is used on a message that tells of no run', async () => {
    const one = await open();
    await aBrokenRun(one);
    const other = { ...one.slack.saying('Run 7 failed'), ts: one.slack.state.ts(), blocks: [] };
    one.slack.state.messages.push(other);
    const done = await one.slack.person.shortcut(other.ts);
    await expect.poll(() => done.answers()[0]?.seen).toContain('belongs to no run');
    expect(one.asked).toEqual([]);
  });

  it('takes guests, people of other workspaces and people Slack does not know for strangers', async () => {
    const one = await open();
    one.slack.state.members.set('U0BOT2', { id: 'U0BOT2', team_id: 'T0OURS', name: 'Bot', is_bot: true });
    for (const user of ['U0ADA', 'U0GUEST', 'U0FOREIGN', 'U0BOT2', 'U0GONE'])
      await one.slack.person.command('now', { user });
    expect(one.asked.map((request) => request.place.stranger)).toEqual([false, true, true, true, true]);
  });

  it('knows a person it has met while Slack cannot be asked', async () => {
    const one = await open(undefined, { personMs: 0 });
    await one.slack.person.command('now');
    one.slack.fail('users.info', { kind: 'http', status: 503, accept: false }, 9);
    await one.slack.person.command('now');
    await one.slack.person.command('now', { user: 'U0GUEST' });
    expect(one.asked.map((request) => request.place.stranger)).toEqual([false, false, true]);
    expect(one.asked.map((request) => request.actor.name)).toEqual(['Ada', 'Ada', 'U0GUEST']);
  });

  it('acknowledges in time when the answer is slow, says so, and brings the answer when it comes', async () => {
    const slow = Promise.withResolvers<Reply>();
    const one = await open(() => slow.promise, { answerMs: 50 });
    const { reply } = await aBrokenRun(one);
    const command = await one.slack.person.command('retry 7');
    const press = await one.slack.person.press(reply, retryBet9ja);
    for (const done of [command, press]) {
      expect(done.acked).toBe(true);
      await expect.poll(() => done.answers()[0]?.seen).toContain('follows here');
    }
    slow.resolve(said(message('good', 'Run 8 retries bet9ja')));
    for (const done of [command, press]) {
      await expect.poll(() => done.answers().at(-1)?.seen).toBe('✅ Run 8 retries bet9ja');
    }
  });

  it('tells the person when answering breaks, and shows nothing of what broke', async () => {
    const one = await open(async () => {
      throw new Error('relation "runs" does not exist, password=hunter2');
    });
    const done = await one.slack.person.command('now');
    expect(done.answers()[0]?.seen).toContain('That did not work');
    expect(JSON.stringify(one.slack.state)).not.toContain('hunter2');
    expect(one.logged()).not.toContain('hunter2');
  });

  it('brings the answer another way when Slack no longer takes it where it was asked', async () => {
    const one = await open();
    const { reply, card } = await aBrokenRun(one);
    one.slack.state.responseUrls.set = (path, place) =>
      Map.prototype.set.call(one.slack.state.responseUrls, path, { ...place, uses: 5 });
    const done = await one.slack.person.press(reply, retryBet9ja);
    await expect.poll(() => done.answers()).toMatchObject([{ seen: '✅ heard', thread: card }]);
    expect(one.slack.state.calls.at(-1)?.method).toBe('chat.postEphemeral');
  });
});
