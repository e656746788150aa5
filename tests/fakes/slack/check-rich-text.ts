/** Slack's rules for rich text: literal text, unless an element says that it is a link or a mention. */
import { keysOf, type Found } from './check-elements.ts';

type Json = Record<string, unknown>;

const containers = ['rich_text_section', 'rich_text_preformatted', 'rich_text_quote', 'rich_text_list'];

/** Checks the elements of a rich text block. */
export function checkRichText(elements: unknown, found: Found): void {
  if (!Array.isArray(elements) || elements.length < 1) return void found.faults.push('rich_text needs elements');
  for (const element of elements as Json[]) {
    const type = String(element['type']);
    if (!containers.includes(type)) {
      found.faults.push(`unsupported rich text: ${type}`);
      continue;
    }
    keysOf(element, ['elements'], ['border', 'indent', 'style', 'offset'], found);
    if (type === 'rich_text_list') checkRichText(element['elements'], found);
    else checkPieces(element['elements'], found);
  }
}

function checkPieces(pieces: unknown, found: Found): void {
  if (!Array.isArray(pieces)) return void found.faults.push('rich text has elements');
  let line = '';
  for (const piece of pieces as Json[]) {
    const type = String(piece['type']);
    if (type === 'link') found.effects.links.push(String(piece['url']));
    else if (['user', 'usergroup', 'broadcast', 'channel'].includes(type))
      found.effects.pings.push(JSON.stringify(piece));
    else if (type !== 'text') found.faults.push(`unsupported rich text element: ${type}`);
    keysOf(piece, type === 'text' ? ['text'] : [], ['style', 'url', 'text', 'user_id', 'range', 'channel_id'], found);
    const text = piece['text'];
    if (type !== 'text') continue;
    if (typeof text !== 'string' || text.length < 1) found.faults.push('must be more than 0 characters');
    else {
      if (!text.isWellFormed()) found.faults.push('half a character');
      found.characters += text.length;
      line += text;
    }
  }
  found.texts.push(line);
}
