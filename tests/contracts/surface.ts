/** What every surface must do, whatever it looks like: run with each implementation, the console included. */
import { describe, expect, it } from 'vitest';
import { message } from '#bot/chat/message.ts';
import type { Answers, PostRef, Request, Surface } from '#bot/chat/surface.ts';

/** A surface opened for a test, with the other side of it. */
export interface OpenSurface extends AsyncDisposable {
  surface: Surface;
  /** A person types words where commands are typed. */
  type(text: string): Promise<void>;
  /** A person presses a button of a post. */
  press(action: string): Promise<void>;
  /** Every text that stands for everybody to read, oldest first: posts as last edited. */
  standing(): Promise<string[]>;
  /** Every file that stands for everybody to take. */
  files(): Promise<{ name: string; text: string }[]>;
  /** What was answered privately, oldest first. */
  answers(): Promise<string[]>;
}

/** The sentences of the contract. */
export function testSurface(name: string, open: () => Promise<OpenSurface>): void {
  describe(`the surface contract, kept by the ${name}`, () => {
    const card = { runId: 7, slot: 'card' };
    const reply = { runId: 7, slot: 'job:bet9ja' };

    it('has the name that its posts and actions are stored under', async () => {
      await using opened = await open();
      expect(opened.surface.name).toBe(name);
    });

    it('hands in what is typed and pressed, each under an id of its own, and shows the answer', async () => {
      await using opened = await open();
      const asked: Request[] = [];
      await opened.surface.start({
        ...heard,
        async answer(request) {
          asked.push(request);
          return { kind: 'message', message: message('good', `answer ${asked.length}`) };
        },
      });
      await opened.type('retry 7 bet9ja');
      await opened.press('v1:retry:7:bet9ja');
      await expect.poll(() => opened.answers()).toHaveLength(2);
      expect(asked.map((request) => request.asked)).toMatchObject([
        { kind: 'words', text: 'retry 7 bet9ja' },
        { kind: 'press', action: 'v1:retry:7:bet9ja' },
      ]);
      expect(new Set(asked.map((request) => request.id)).size).toBe(2);
      for (const request of asked) expect(request).toMatchObject({ surface: name, actor: { surface: name } });
      expect((await opened.answers()).join()).toMatch(/answer 1.*answer 2/s);
    });

    it('posts a card and replies under it, and edits them in place by their stored references', async () => {
      await using opened = await open();
      await opened.surface.start(heard);
      const cardRef = stored(await opened.surface.post(card, message('running', 'first words'), null));
      const replyRef = stored(await opened.surface.post(reply, message('bad', 'a reply'), cardRef));
      await opened.surface.edit(card, cardRef, message('good', 'last words'));
      await opened.surface.edit(reply, replyRef, message('good', 'a better reply'));
      const standing = (await opened.standing()).join('\n');
      expect(standing).toContain('last words');
      expect(standing).toContain('a better reply');
    });

    it('puts a file into the thread, once, with what is said of it, and finds it again after a crash', async () => {
      await using opened = await open();
      await opened.surface.start({
        ...heard,
        file: async (id) => Buffer.from(`\ufeffrun,platform\r\n${id},bet9ja\r\n`),
      });
      const cardRef = stored(await opened.surface.post(card, message('good', 'here I stand'), null));
      const filed = { runId: 7, slot: 'file:3' };
      const told = message('quiet', 'Ada asked for <!channel>', {
        file: { id: 3, name: 'run-7-bet9ja-missing-3.csv' },
      });
      const ref = stored(await opened.surface.post(filed, told, cardRef));
      await opened.surface.edit(filed, ref, told);
      const file = { name: 'run-7-bet9ja-missing-3.csv', text: '\ufeffrun,platform\r\n3,bet9ja\r\n' };
      expect(await opened.files()).toEqual([file]);
      expect((await opened.standing()).join('\n')).toContain('Ada asked for <!channel>');
      const found = await opened.surface.find(filed, cardRef);
      if (found === null) await opened.surface.post(filed, told, cardRef);
      else await opened.surface.edit(filed, stored(found), told);
      expect(await opened.files()).toEqual([file]);
    });

    it('says what a file was when its bytes are no longer kept', async () => {
      await using opened = await open();
      await opened.surface.start({ ...heard, file: async () => null });
      const cardRef = stored(await opened.surface.post(card, message('good', 'here I stand'), null));
      const told = message('quiet', 'Ada asked long ago', { file: { id: 3, name: 'run-7-odds-3.csv' } });
      await opened.surface.post({ runId: 7, slot: 'file:3' }, told, cardRef);
      expect((await opened.standing()).join('\n')).toContain('Ada asked long ago');
      expect(await opened.files()).toEqual([]);
    });

    it('finds a post again after a crash, so that it is not made twice', async () => {
      await using opened = await open();
      await opened.surface.start(heard);
      const cardRef = stored(await opened.surface.post(card, message('good', 'here I stand'), null));
      await opened.surface.post(reply, message('good', 'a reply'), cardRef);
      const found = await opened.surface.find(reply, cardRef);
      if (found === null) throw new Error('the post was not found');
      await opened.surface.edit(reply, found, message('good', 'found and edited'));
      expect((await opened.standing()).join('\n')).toContain('found and edited');
    });
  });
}

const heard: Answers = {
  answer: async () => ({ kind: 'message', message: message('good', 'heard') }),
  suggest: async () => [],
};

/** A reference as the database gives it back. */
function stored(ref: PostRef): PostRef {
  return JSON.parse(JSON.stringify(ref)) as PostRef;
}
