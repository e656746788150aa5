/** Slack's rules for a message and for a modal: what it would refuse, and what it would do to people. */
import { checkBlocks } from './check-blocks.ts';
import { isWellEscaped, joined, readMrkdwn, type Effects } from './mrkdwn.ts';
import { checkText, keysOf, type Found } from './check-elements.ts';

type Json = Record<string, unknown>;

/** The outcome: an error code as Slack answers it, or what people see. */
export interface CheckedMessage {
  error: string | null;
  faults: string[];
  effects: Effects;
  /** Every text people see, one per line. */
  seen: string;
}

/** Checks text and blocks as they come to chat.postMessage, chat.update, postEphemeral, a response_url or an ack. */
export function checkMessage(message: Json, limits: { text: number; update: boolean }): CheckedMessage {
  const text = typeof message['text'] === 'string' ? message['text'] : '';
  const blocks = message['blocks'];
  const found = checkBlocks(blocks ?? [], 'message');
  const parse = message['parse'] ?? (limits.update ? 'client' : 'none');
  const names = message['link_names'] === true || message['link_names'] === 'true' || parse === 'full';
  const spoken = readMrkdwn(text, { links: parse !== 'none', names });
  const faults = [...found.faults];
  let error: string | null = null;
  if (text === '' && (!Array.isArray(blocks) || blocks.length === 0)) error = 'no_text';
  else if (limits.update && (text === '' || blocks === undefined)) {
    error = 'invalid_arguments';
    faults.push('an update needs text and blocks: without them a part of the old message stays');
  } else if (text.length > limits.text) error = 'msg_too_long';
  else if (!text.isWellFormed() || !isWellEscaped(text)) {
    error = 'invalid_arguments';
    faults.push('& < > must be escaped in the text');
  } else if (found.faults.some((fault) => fault.startsWith('msg_blocks_too_long'))) error = 'msg_blocks_too_long';
  else if (found.faults.length > 0) error = 'invalid_blocks';
  const shown = Array.isArray(blocks) && blocks.length > 0 ? found.texts : [text];
  return { error, faults, effects: joined(found.effects, { ...spoken, formats: [] }), seen: shown.join('\n') };
}

/** What our calls say besides their text, so that nothing in it is ever parsed, linked or unfolded: stricter than Slack. */
export function checkLiteral(args: Json, kind: 'post' | 'edit' | 'private'): string[] {
  const wanted = { parse: 'none', link_names: 'false', ...(kind === 'post' ? unfolded : {}) };
  return Object.entries(wanted)
    .filter(([name, value]) => args[name] !== value)
    .map(([name, value]) => `${name} must be ${value}`);
}

const unfolded = { unfurl_links: 'false', unfurl_media: 'false' };

/** Checks a modal as it comes to views.open or with the acknowledgement of a submission. */
export function checkView(view: Json): CheckedMessage {
  const found: Found = checkBlocks(view['blocks'], 'modal');
  keysOf(
    view,
    ['title', 'blocks'],
    ['submit', 'close', 'callback_id', 'private_metadata', 'clear_on_close', 'notify_on_close', 'external_id'],
    found,
  );
  if (view['type'] !== 'modal') found.faults.push('type must be modal');
  for (const key of ['title', 'submit', 'close']) {
    if (view[key] !== undefined) checkText(view[key], { plainOnly: true, most: 24 }, found);
  }
  const inputs = ((view['blocks'] ?? []) as Json[]).filter((block) => block['type'] === 'input');
  if (inputs.length > 0 && view['submit'] === undefined) found.faults.push('a modal with inputs needs submit');
  if (lengthOf(view['callback_id']) > 255) found.faults.push('callback_id: at most 255');
  if (lengthOf(view['private_metadata']) > 3_000) found.faults.push('private_metadata: at most 3000');
  if (JSON.stringify(view).length > 250_000) found.faults.push('view_too_large');
  return {
    error: found.faults.length > 0 ? 'invalid_arguments' : null,
    faults: found.faults,
    effects: found.effects,
    seen: found.texts.join('\n'),
  };
}

function lengthOf(text: unknown): number {
  return typeof text === 'string' ? text.length : 0;
}
