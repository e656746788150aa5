/** The console as a surface: typed lines in, messages out. Complete, so that everything works without any account. */
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import { message, type Line, type Message } from '#bot/chat/message.ts';
import {
  NO_RUN,
  type Answers,
  type PostName,
  type PostRef,
  type Reply,
  type Request,
  type Surface,
} from '#bot/chat/surface.ts';
import type { Person } from '#db/run-facts.ts';
import { createPrinter, type Printer } from './printer.ts';

/** How the console is opened. */
export interface ConsoleOptions {
  input: Readable & { isTTY?: boolean };
  output: NodeJS.WriteStream | (NodeJS.WritableStream & { isTTY?: boolean });
  /** One JSON line per post, edit and private answer instead of text. */
  json: boolean;
  /** Who types: the account that runs the process. */
  actor: Person;
  /** Resolves when every run is settled and told: what the word `wait` waits for. */
  whenTold: () => Promise<void>;
  /** Called with what should not have happened; the next line is read all the same. */
  onTrouble: (error: unknown) => void;
  /** Where files of messages are written, since a terminal has no place for them; their path is told. */
  exportsDir: string;
  /** Called when the person asks to leave. */
  onQuit: () => void;
}

/** The console, with what only it can do. */
export interface ConsoleSurface extends Surface {
  /** Resolves when the input has ended and every line of it is answered. */
  readonly ended: Promise<void>;
  remark(text: string): void;
}

const PROMPT = '> ';

/** Whoever reaches the console may do everything: the operating system has let them in. */
const place = { team: 'console', channel: 'console', groups: [], stranger: false };

const HELP =
  'Here you can also type: the number before a button, or press <button id>, to press it; wait, until every run is done; quit.';

/** Opens the console. Lines are answered one after the other, in the order they were typed. */
export function createConsole(options: ConsoleOptions): ConsoleSurface {
  const session = randomUUID();
  const terminal = options.output.isTTY === true && options.input.isTTY === true && !options.json;
  let lines: Interface | null = null;
  let bot: Answers | null = null;
  let count = 0;
  let leaving = false;
  let answering = Promise.resolve();
  const ended = Promise.withResolvers<void>();
  const printer: Printer = createPrinter(options.output, {
    json: options.json,
    prompt: { draw: drawPrompt, cursorRow: () => (lines === null ? 0 : lines.getCursorPos().rows) },
  });

  function drawPrompt(): void {
    if (lines === null) return;
    // readline remembers how far up its line began; we have moved the cursor to where it begins anew.
    Object.assign(lines, { prevRows: 0 });
    lines.prompt(true);
  }

  async function take(line: string, { answer }: Answers): Promise<void> {
    const typed = line
      .trim()
      .replace(/^\/?scrape(?=\s|$)/i, '')
      .trim();
    if (leaving) return;
    if (terminal) printer.typed(line);
    if (line.trim() === '') return;
    if (/^(quit|exit)$/i.test(typed)) {
      leaving = true;
      return options.onQuit();
    }
    if (/^wait$/i.test(typed)) return options.whenTold();
    const asked = read(typed);
    if (asked === null) {
      const text = `There is no button ${typed} here: /scrape status shows those that can be pressed, each with its number.`;
      return reply(message('warning', text));
    }
    const request: Request = { surface: 'console', id: `${session}:${++count}`, actor: options.actor, place, asked };
    reply(spoken(await answer(request)));
    if (/^(help)?$/i.test(typed)) printer.remark(HELP);
  }

  function read(typed: string): Request['asked'] | null {
    if (/^\d{1,6}$/.test(typed)) {
      const action = printer.actionOf(Number(typed));
      return action === null ? null : { kind: 'press', action, on: { kind: 'private' } };
    }
    const pressed = /^press(?:\s+(\S+))?$/i.exec(typed);
    if (pressed !== null)
      return pressed[1] === undefined ? null : { kind: 'press', action: pressed[1], on: { kind: 'private' } };
    return { kind: 'words', text: typed };
  }

  /** Writes a message's file and says where it is; its name is ours, and holds no path. */
  async function withFile(text: Message): Promise<Message> {
    const bytes = text.file === null ? null : ((await bot?.file?.(text.file.id)) ?? null);
    if (text.file === null) return text;
    if (bytes === null) return { ...text, lines: [...text.lines, plainLine('The file is no longer kept.')] };
    const path = join(options.exportsDir, basename(text.file.name));
    await mkdir(options.exportsDir, { recursive: true });
    await writeFile(path, bytes);
    return { ...text, lines: [...text.lines, plainLine(`The file is ${path}`)] };
  }

  function reply(text: ReturnType<typeof message>): void {
    printer.print({ kind: 'reply', run: null, slot: null, inThread: false, message: text });
  }

  return {
    name: 'console',
    home: place.channel,
    state: () => ({ kind: 'up' }),
    ended: ended.promise,
    async start(answers) {
      bot = answers;
      lines = createInterface({
        input: options.input,
        output: terminal ? options.output : undefined,
        prompt: PROMPT,
        terminal,
      });
      lines.on('line', (line) => {
        answering = answering.then(() => take(line, answers)).catch(options.onTrouble);
      });
      lines.on('close', () => {
        lines = null;
        void answering.then(() => ended.resolve());
        // The end of a pipe is the end of the questions; the end of input at a terminal (Ctrl-D) is a wish to leave.
        if (terminal) options.onQuit();
      });
      // Whoever read us is gone: there is nobody left to talk to, and everything else goes on.
      options.output.on('error', () => {});
      lines.on('SIGINT', options.onQuit);
      if (terminal) lines.prompt();
    },
    async post(name: PostName, text, thread): Promise<PostRef> {
      const told = await withFile(text);
      const run = name.runId === NO_RUN ? null : name.runId;
      printer.print({ kind: 'post', run, slot: name.slot, inThread: thread !== null, message: told });
      return { thread: thread !== null };
    },
    async edit(name: PostName, ref, text) {
      printer.print({
        kind: 'edit',
        run: name.runId,
        slot: name.slot,
        inThread: ref['thread'] === true,
        message: text,
      });
    },
    /**
     * After a crash it is not known whether a post was printed. It is taken as printed and edited at once, which
     * prints its text: nothing is lost, and no post is made twice.
     */
    async find(name: PostName, thread) {
      // A file may not have been written: once more does no harm.
      return name.slot.startsWith('file:') ? null : { thread: thread !== null };
    },
    async stop() {
      if (terminal && lines !== null) options.output.write('\n');
      lines?.close();
      lines = null;
      await answering;
    },
    remark: (text) => printer.remark(text),
  };
}

function plainLine(text: string): Line {
  return { tone: 'quiet', name: '', text };
}

/** A console has no forms: what could be filled in is told, with what to type instead. */
function spoken(reply: Reply): ReturnType<typeof message> {
  if (reply.kind === 'message') return reply.message;
  const { form } = reply;
  const lines: Line[] = form.choices.map((choice) => ({ tone: 'quiet', name: choice.value, text: choice.hint }));
  lines.push({ tone: 'quiet', name: '', text: form.typed });
  return message('quiet', form.title, { lines, footer: form.choices.length === 0 ? form.intro : null });
}
