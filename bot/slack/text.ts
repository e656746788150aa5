/** Text at Slack's border: one line, no longer than Slack takes, and never read as markup. */
import { oneLine } from '#bot/chat/escape.ts';
import type { PlainTextElement } from '@slack/types';

/** One visible line of at most `units` UTF-16 units, never empty: Slack refuses empty texts. */
export function fit(text: string, units: number): string {
  const line = oneLine(text, units);
  if (line === '') return '–';
  if (line.length <= units) return line;
  let kept = '';
  for (const point of line) {
    if (kept.length + point.length > units - 1) break;
    kept += point;
  }
  return `${kept}…`;
}

/** Escapes what Slack reads as a mention or a link; the three characters are all it asks for. */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What a person typed, as Slack sends it, read back. */
export function unescapeMrkdwn(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Text that is shown as it is: not parsed, `:names:` not turned into pictures. */
export function plain(text: string): PlainTextElement {
  return { type: 'plain_text', text, emoji: false };
}
