/** Text for Discord. Messages are markdown, so whatever comes from elsewhere is made literal first. */
import { oneLine } from '#bot/chat/escape.ts';

/** What can begin markup anywhere: emphasis, code, spoilers, mentions, headings, links. */
const markup = /[\\*_~`|<>@#[\]]/g;

/** At most `units` UTF-16 units, which is how limits are counted here; characters stay whole. */
export function cut(text: string, units: number): string {
  if (text.length <= units) return text;
  let kept = '';
  for (const point of text) {
    if (kept.length + point.length > units - 1) break;
    kept += point;
  }
  return `${kept}…`;
}

/** One plain line for labels and choices, where Discord parses nothing. */
export function plain(text: string, units: number): string {
  return cut(oneLine(text, units), units);
}

/**
 * One line of markdown that shows exactly the text: a backslash makes any punctuation literal. The colon of an address
 * is escaped too, else the bare address would become a link. At most twice `units` long.
 */
export function literal(text: string, units: number): string {
  return plain(text, units)
    .replace(markup, '\\$&')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/^[-+]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

/** A quotation in a code block. Fences inside are pulled apart by a zero-width space, so the block ends where it should. */
export function codeBlock(text: string, units: number): string {
  return `\`\`\`\n${plain(text, units).replace(/`(?=`)/g, '`\u200b')}\n\`\`\``;
}
