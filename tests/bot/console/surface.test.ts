import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { message } from '#bot/chat/message.ts';
import type { Answers, Request } from '#bot/chat/surface.ts';
import { createConsole } from '#bot/console/surface.ts';
import { ada } from '../../helpers/house.ts';

const retry = {
  id: 'v1:retry:1:bet9ja',
  label: 'Retry bet9ja (1/3)',
  hint: 'from extract, 31 of 48 events kept',
  disabled: false,
};
const broken = message('bad', 'bet9ja broke', { buttons: [retry] });

function open(options: { json?: boolean; tty?: boolean; columns?: number; rows?: number } = {}) {
  const input = Object.assign(new PassThrough(), { isTTY: options.tty ?? false });
  const output = Object.assign(new PassThrough({ encoding: 'utf8' }), {
    isTTY: options.tty ?? false,
    columns: options.columns ?? 80,
    rows: options.rows ?? 24,
  });
  let text = '';
  output.on('data', (chunk: string) => (text += chunk));
  const asked: Request[] = [];
  let quits = 0;
  const surface = createConsole({
    input,
    output,
    json: options.json ?? false,
    actor: ada,
    exportsDir: '/nowhere',
    whenTold: async () => {},
    onTrouble: (error) => {
      throw error;
    },
    onQuit: () => quits++,
  });
  const answers: Answers = {
    async answer(request) {
      asked.push(request);
      return { kind: 'message', message: message('good', `heard ${asked.length}`) };
    },
    suggest: async () => [],
  };
  return { surface, input, output, asked, answers, text: () => text, quits: () => quits };
}

describe('the console', () => {
  it('reads line by line, with or without the slash, and answers each in its order', async () => {
    const { surface, input, asked, answers, text } = open();
    await surface.start(answers);
    input.end('/scrape now\n  scrape retry 1 bet9ja \nstatus\n\n   \n');
    await surface.ended;
    expect(asked.map((request) => request.asked)).toEqual([
      { kind: 'words', text: 'now' },
      { kind: 'words', text: 'retry 1 bet9ja' },
      { kind: 'words', text: 'status' },
    ]);
    expect(text()).toBe('✓ heard 1\n✓ heard 2\n✓ heard 3\n');
    expect(new Set(asked.map((request) => request.id)).size).toBe(3);
  });

  it('reads a last line that has no end', async () => {
    const { surface, input, asked, answers } = open();
    await surface.start(answers);
    input.end('/scrape now');
    await surface.ended;
    expect(asked).toHaveLength(1);
  });

  it('presses the button whose number is typed, or whose id follows "press"', async () => {
    const { surface, input, asked, answers, text } = open();
    await surface.start(answers);
    await surface.post({ runId: 1, slot: 'job:bet9ja' }, broken, {});
    expect(text()).toContain('[1] Retry bet9ja (1/3): from extract, 31 of 48 events kept');
    input.end(`1\npress ${retry.id}\n2\n`);
    await surface.ended;
    expect(asked.map((request) => request.asked)).toEqual([
      { kind: 'press', action: retry.id, on: { kind: 'private' } },
      { kind: 'press', action: retry.id, on: { kind: 'private' } },
    ]);
    expect(text()).toContain('There is no button 2 here');
  });

  it('leaves when asked to, and does nothing that was typed after that', async () => {
    const { surface, input, answers, asked, quits } = open();
    await surface.start(answers);
    input.end('help\nquit\n/scrape now\n');
    await surface.ended;
    expect(quits()).toBe(1);
    expect(asked).toHaveLength(1);
  });

  it('leaves at the end of input on a terminal, and still tells what comes', async () => {
    const { surface, input, answers, quits, text } = open({ tty: true });
    await surface.start(answers);
    input.end();
    await surface.ended;
    expect(quits()).toBe(1);
    await surface.post({ runId: 1, slot: 'card' }, message('good', 'told after the end'), null);
    expect(text()).toContain('told after the end');
  });

  it('goes on when whoever read it is gone', async () => {
    const { surface, output, answers } = open();
    await surface.start(answers);
    output.destroy(new Error('write EPIPE'));
    await expect(surface.post({ runId: 1, slot: 'card' }, message('good', 'x'), null)).resolves.toBeDefined();
  });

  it('prints one JSON line for each post, edit and private answer when asked to', async () => {
    const { surface, input, answers, text } = open({ json: true });
    await surface.start(answers);
    const ref = await surface.post({ runId: 1, slot: 'job:bet9ja' }, broken, {});
    await surface.edit({ runId: 1, slot: 'job:bet9ja' }, ref, message('good', 'repaired\nat last'));
    input.end('help\n');
    await surface.ended;
    const lines = text()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toEqual([
      {
        surface: 'console',
        kind: 'post',
        run: 1,
        slot: 'job:bet9ja',
        text: '✗ bet9ja broke\n  [1] Retry bet9ja (1/3): from extract, 31 of 48 events kept',
        buttons: [{ id: retry.id, label: 'Retry bet9ja (1/3): from extract, 31 of 48 events kept', disabled: false }],
      },
      { surface: 'console', kind: 'edit', run: 1, slot: 'job:bet9ja', text: '✓ repaired at last', buttons: [] },
      { surface: 'console', kind: 'reply', run: null, slot: null, text: '✓ heard 1', buttons: [] },
    ]);
  });

  it('does not repeat a card in a pipe for every count, but for everything new', async () => {
    const { surface, text } = open();
    const card = (count: number, title = 'Run 1 is running') =>
      message('running', title, { lines: [{ tone: 'running', name: 'bet9ja', text: `${count} of 48 events` }] });
    const ref = await surface.post({ runId: 1, slot: 'card' }, card(0), null);
    for (let count = 1; count <= 48; count++) await surface.edit({ runId: 1, slot: 'card' }, ref, card(count));
    await surface.edit({ runId: 1, slot: 'card' }, ref, card(48, 'Run 1 is complete'));
    expect(text().match(/Run 1/g)).toHaveLength(2);
    expect(text()).toContain('48 of 48 events');
  });

  it('redraws a card in place on a terminal, and keeps what was typed below it', async () => {
    const { surface, answers, text } = open({ tty: true });
    await surface.start(answers);
    const ref = await surface.post({ runId: 1, slot: 'card' }, message('running', 'one'), null);
    await surface.post({ runId: 1, slot: 'job:bet9ja' }, message('good', 'a reply'), ref);
    const before = text().length;
    await surface.edit({ runId: 1, slot: 'card' }, ref, message('good', 'two'));
    const drawn = text().slice(before);
    expect(drawn).toContain('\u001b[2A\r✓ two\u001b[K\n  │ ✓ a reply\u001b[K\n\u001b[J');
    await surface.stop();
  });

  it('shows hostile text as it is: no control reaches the terminal', async () => {
    const { surface, text } = open();
    const hostile = '\u001b]0;owned\u0007\u001b[2J<!channel>\u202e\nnext';
    await surface.post({ runId: 1, slot: 'x' }, message('bad', hostile, { quote: hostile }), null);
    expect(text()).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(text()).toContain('<!channel> next');
  });
});
