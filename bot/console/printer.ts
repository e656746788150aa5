/** Where the console's messages go: a terminal that is redrawn in place, a plain stream, or JSON lines. */
import type { Message } from '#bot/chat/message.ts';
import { buttonText, messageLines } from './text.ts';
import { createScreen, type Prompt } from './screen.ts';
import { numberButtons } from './button-numbers.ts';

/** One thing to print. `run` and `slot` name a post; a private answer has neither. */
export interface Printed {
  kind: 'post' | 'edit' | 'reply';
  run: number | null;
  slot: string | null;
  /** Replies in a thread are set in under their card. */
  inThread: boolean;
  message: Message;
}

/** Prints messages in one of three ways. */
export interface Printer {
  print(printed: Printed): void;
  /** A remark of the console itself, not a message: the address of the page, a hint. */
  remark(text: string): void;
  /** The line a person typed, so that the terminal can keep it above what follows. */
  typed(line: string): void;
  /** The action a typed number stands for, or null. */
  actionOf(number: number): string | null;
}

type Output = Pick<NodeJS.WritableStream, 'write'> & { isTTY?: boolean; columns?: number; rows?: number };

/** Chooses how to print: JSON lines when asked for, in place on a terminal, else as plain text. */
export function createPrinter(output: Output, options: { json: boolean; prompt: Prompt }): Printer {
  if (options.json) return jsonPrinter(output);
  return output.isTTY === true ? terminalPrinter(output, options.prompt) : plainPrinter(output);
}

function jsonPrinter(output: Output): Printer {
  const { typedFor, actionOf } = numberButtons();
  return {
    print({ kind, run, slot, message }) {
      const text = messageLines(message, typedFor).join('\n');
      const buttons = message.buttons.map((button) => ({
        id: button.id,
        label: buttonText(button),
        disabled: button.disabled,
      }));
      output.write(`${JSON.stringify({ surface: 'console', kind, run, slot, text, buttons })}\n`);
    },
    remark() {},
    typed() {},
    actionOf,
  };
}

/** Without a terminal nothing can be redrawn: an edit is printed when it says something new, not for every count. */
function plainPrinter(output: Output): Printer {
  const { typedFor, actionOf } = numberButtons();
  const said = new Map<string, string>();
  return {
    print(printed) {
      const key = `${printed.run}/${printed.slot}`;
      const gist = JSON.stringify([printed.message.tone, printed.message.title, printed.message.buttons]);
      if (printed.kind !== 'reply' && said.get(key) === gist) return;
      said.set(key, gist);
      output.write(`${indented(printed, messageLines(printed.message, typedFor)).join('\n')}\n`);
    },
    remark: (text) => void output.write(`${text}\n`),
    typed() {},
    actionOf,
  };
}

function terminalPrinter(output: Output, prompt: Prompt): Printer {
  const { typedFor, actionOf } = numberButtons();
  const screen = createScreen(output, prompt);
  let replies = 0;
  return {
    print(printed) {
      const key = printed.kind === 'reply' ? `reply ${++replies}` : `${printed.run}/${printed.slot}`;
      screen.show(key, indented(printed, messageLines(printed.message, typedFor)));
    },
    remark: (text) => screen.show(`remark ${++replies}`, [text]),
    typed: (line) => screen.typed(line),
    actionOf,
  };
}

function indented(printed: Printed, lines: string[]): string[] {
  return printed.inThread ? lines.map((line) => `  │ ${line}`) : lines;
}
