/**
 * A neutral message as Slack's blocks. Titles and labels are `plain_text`, everything else literal text of `rich_text`:
 * neither is ever parsed, so nothing scraped can ping, link or format. Whatever does not fit is folded, never refused.
 */
import type { Line, Message, Tone } from '#bot/chat/message.ts';
import type { KnownBlock, RichTextBlock, RichTextElement } from '@slack/types';
import { buttonBlocks, LABEL_LIMIT } from './buttons.ts';
import { escapeMrkdwn, fit, plain } from './text.ts';

/** Characters of a header. */
const HEADER_LIMIT = 150;
/** Characters of the fallback text: Slack takes 4,000 when a message is edited. */
const TEXT_LIMIT = 3_000;
/** Characters that all lines share, of the 12,000 or so a message's blocks may have. */
const LINES_LIMIT = 6_000;
/** Lines shown; more are counted. */
const LINE_COUNT = 80;
const NAME_LIMIT = 40;
const LONGEST_LINE = 400;
/** Characters of a quote, and of a footer. */
const QUOTE_LIMIT = 500;
const FOOTER_LIMIT = 300;
/** Characters of the address of a link. */
const URL_LIMIT = 3_000;

const signs: Record<Tone, string> = { running: '⏳', good: '✅', warning: '⚠️', bad: '❌', quiet: '▫️' };

/** What a call to Slack takes: blocks, and the text that stands in notifications. */
export interface Rendered {
  text: string;
  blocks: KnownBlock[];
}

/** How a message is drawn: a card has a header; `id` is the beginning of its block ids, or null without. */
export interface Drawing {
  card: boolean;
  id: string | null;
}

/** Draws a message. Pure. */
export function renderMessage(message: Message, { card, id }: Drawing): Rendered {
  const blocks: KnownBlock[] = [...mentionBlock(message)];
  const title = `${signs[message.tone]} ${fit(message.title, LONGEST_LINE)}`;
  const header = card ? fit(title, HEADER_LIMIT) : null;
  if (header !== null) blocks.push({ type: 'header', text: plain(header) });
  const body = richBody(message, header === title ? null : title);
  if (body !== null) blocks.push(body);
  blocks.push(...buttonBlocks(message.buttons), ...linkBlock(message));
  if (message.footer !== null) {
    blocks.push({ type: 'context', elements: [plain(fit(message.footer, FOOTER_LIMIT))] });
  }
  if (id !== null) blocks.forEach((block, index) => (block.block_id = `${id}:${index}`));
  return { text: fallbackText(message, addressed(message, title)), blocks };
}

/**
 * The one place of a message that Slack parses: it holds a mention built from a checked id, and nothing else. A ping out
 * of the fallback text would be a second one, so there the person is only named.
 */
function mentionBlock({ mention }: Message): KnownBlock[] {
  if (mention?.surface !== 'slack' || !/^[UW][A-Z0-9]{1,30}$/.test(mention.id)) return [];
  return [{ type: 'section', text: { type: 'mrkdwn', text: `<@${mention.id}>`, verbatim: true } }];
}

function linkBlock({ link }: Message): KnownBlock[] {
  if (link === null || link.url.length > URL_LIMIT) return [];
  const text = plain(fit(link.label, LABEL_LIMIT));
  return [{ type: 'actions', elements: [{ type: 'button', action_id: 'link', text, url: link.url }] }];
}

/** The same message as one plain line, for when Slack refused it whole. */
export function shortText(message: Message): string {
  return escapeMrkdwn(addressed(message, `${signs[message.tone]} ${fit(message.title, LONGEST_LINE)}`));
}

function addressed({ mention }: Message, title: string): string {
  return mention?.surface === 'slack' ? `${fit(mention.name, NAME_LIMIT)}: ${title}` : title;
}

function richBody(message: Message, title: string | null): RichTextBlock | null {
  const rows: RichTextElement[][] = [];
  if (title !== null) rows.push([{ type: 'text', text: title, style: { bold: true } }]);
  const shown = message.lines.slice(0, LINE_COUNT);
  rows.push(...lineRows(shown));
  const more = message.lines.length - shown.length;
  if (more > 0) rows.push([{ type: 'text', text: `and ${more} more` }]);
  const elements: RichTextBlock['elements'] = [];
  if (rows.length > 0) {
    const joined = rows.flatMap((row, index): RichTextElement[] =>
      index === 0 ? row : [{ type: 'text', text: '\n' }, ...row],
    );
    elements.push({ type: 'rich_text_section', elements: joined });
  }
  if (message.quote !== null) {
    elements.push({
      type: 'rich_text_preformatted',
      elements: [{ type: 'text', text: fit(message.quote, QUOTE_LIMIT) }],
    });
  }
  return elements.length === 0 ? null : { type: 'rich_text', elements };
}

/** All lines whole while they fit together; else each gets its share. */
function lineRows(lines: readonly Line[]): RichTextElement[][] {
  let total = 0;
  for (const line of lines) total += fit(line.name, NAME_LIMIT).length + fit(line.text, LONGEST_LINE).length + 5;
  const fits = total <= LINES_LIMIT;
  const share = Math.floor(LINES_LIMIT / Math.max(1, lines.length)) - NAME_LIMIT - 5;
  return lines.map((line) => lineRow(line, fits ? LONGEST_LINE : Math.min(LONGEST_LINE, share)));
}

function lineRow(line: Line, limit: number): RichTextElement[] {
  const text = fit(line.text, limit);
  if (line.name === '') return [{ type: 'text', text }];
  return [
    { type: 'text', text: `${signs[line.tone]} ` },
    { type: 'text', text: fit(line.name, NAME_LIMIT), style: { bold: true } },
    { type: 'text', text: `  ${text}` },
  ];
}

function fallbackText(message: Message, title: string): string {
  let text = escapeMrkdwn(title);
  for (const line of message.lines) {
    const next = `\n${escapeMrkdwn(fit(line.name === '' ? line.text : `${line.name}: ${line.text}`, LONGEST_LINE))}`;
    if (text.length + next.length > TEXT_LIMIT - 2) return `${text}\n…`;
    text += next;
  }
  return text;
}
