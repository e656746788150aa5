/** How a neutral message looks as plain text: signs instead of colours, one line per platform. */
import type { Button, Message, Tone } from '#bot/chat/message.ts';
import { oneLine } from '#bot/chat/escape.ts';

const signs: Record<Tone, string> = { running: '…', good: '✓', warning: '!', bad: '✗', quiet: '·' };

/** Longest line the console prints, code points. */
const LINE_LIMIT = 400;

/** A message as lines of text. `typedFor` tells what a person types to press a button; null for one that cannot be. */
export function messageLines(message: Message, typedFor: (button: Button) => string | null): string[] {
  const width = Math.min(24, Math.max(0, ...message.lines.map((line) => line.name.length)));
  const to = message.mention?.surface === 'console' ? `${oneLine(message.mention.name, 80)}: ` : '';
  const lines = [`${signs[message.tone]} ${to}${oneLine(message.title, LINE_LIMIT)}`];
  if (message.quote !== null) lines.push(`  “${oneLine(message.quote)}”`);
  for (const line of message.lines) {
    const name = line.name === '' ? '' : `${oneLine(line.name, 80).padEnd(width)}  `;
    lines.push(`  ${line.name === '' ? '' : `${signs[line.tone]} `}${name}${oneLine(line.text, LINE_LIMIT)}`);
  }
  for (const button of message.buttons) {
    const typed = typedFor(button);
    const label = buttonText(button);
    lines.push(typed === null ? `  (${label})` : `  [${typed}] ${label}`);
  }
  if (message.link !== null) lines.push(`  ${oneLine(message.link.label, 80)}: ${message.link.url}`);
  if (message.footer !== null) lines.push(`  ${oneLine(message.footer, LINE_LIMIT)}`);
  return lines;
}

/** What a button says, with what it will do. */
export function buttonText(button: Button): string {
  return oneLine(button.hint === null ? button.label : `${button.label}: ${button.hint}`, LINE_LIMIT);
}
