/** Slack's rules for blocks, as strict as the real ones where those are known. Each broken rule is one sentence. */
import { checkElement, checkText, keysOf, type Found } from './check-elements.ts';
import { checkRichText } from './check-rich-text.ts';

const MESSAGE_BLOCKS = 50;
const VIEW_BLOCKS = 100;
/** Characters of all texts together; Slack answers `msg_blocks_too_long` somewhat above. */
const TOTAL_CHARACTERS = 12_000;

type Json = Record<string, unknown>;

/** Checks the blocks of a message or of a modal. */
export function checkBlocks(blocks: unknown, where: 'message' | 'modal'): Found {
  const found: Found = { faults: [], effects: { pings: [], links: [], formats: [] }, characters: 0, texts: [] };
  if (!Array.isArray(blocks)) return { ...found, faults: ['blocks must be an array'] };
  const most = where === 'message' ? MESSAGE_BLOCKS : VIEW_BLOCKS;
  if (blocks.length > most) found.faults.push(`no more than ${most} blocks are allowed: ${blocks.length}`);
  const ids = new Set<unknown>();
  blocks.forEach((block: Json, index) => {
    const before = found.faults.length;
    checkBlock(block, where, found);
    const id = block['block_id'];
    if (id !== undefined) {
      if (typeof id !== 'string' || id.length < 1 || id.length > 255)
        found.faults.push('block_id must have 1–255 characters');
      if (ids.has(id)) found.faults.push(`block_id is not unique: ${JSON.stringify(id)}`);
      ids.add(id);
    }
    for (let at = before; at < found.faults.length; at += 1) found.faults[at] = `/blocks/${index}: ${found.faults[at]}`;
  });
  if (found.characters > TOTAL_CHARACTERS) found.faults.push(`msg_blocks_too_long: ${found.characters} characters`);
  return found;
}

function checkBlock(block: Json, where: 'message' | 'modal', found: Found): void {
  switch (block['type']) {
    case 'header':
      keysOf(block, ['text'], [], found);
      return checkText(block['text'], { plainOnly: true, most: 150 }, found);
    case 'divider':
      return keysOf(block, [], [], found);
    case 'section':
      return checkSection(block, found);
    case 'context':
      return checkContext(block, found);
    case 'actions':
      return checkActions(block, found);
    case 'rich_text':
      keysOf(block, ['elements'], [], found);
      return checkRichText(block['elements'], found);
    case 'input':
      return checkInput(block, where, found);
    default:
      found.faults.push(`unsupported type: ${String(block['type'])}`);
  }
}

function checkSection(block: Json, found: Found): void {
  keysOf(block, [], ['text', 'fields', 'accessory', 'expand'], found);
  const { text, fields, accessory } = block;
  if (text === undefined && fields === undefined) found.faults.push('a section needs text or fields');
  if (text !== undefined) checkText(text, { most: 3_000 }, found);
  if (Array.isArray(fields)) {
    if (fields.length < 1 || fields.length > 10) found.faults.push(`a section has 1–10 fields: ${fields.length}`);
    for (const field of fields) checkText(field, { most: 2_000 }, found);
  }
  if (accessory !== undefined)
    checkElement(accessory as Json, ['button', 'static_select', 'checkboxes', 'image'], found);
}

function checkContext(block: Json, found: Found): void {
  keysOf(block, ['elements'], [], found);
  const elements = block['elements'];
  if (!Array.isArray(elements) || elements.length < 1 || elements.length > 10) {
    return void found.faults.push('a context block has 1–10 elements');
  }
  for (const element of elements) checkText(element, { most: 3_000 }, found);
}

function checkActions(block: Json, found: Found): void {
  keysOf(block, ['elements'], [], found);
  const elements = block['elements'];
  if (!Array.isArray(elements) || elements.length < 1 || elements.length > 25) {
    return void found.faults.push('an actions block has 1–25 elements');
  }
  const ids = elements.map((element: Json) => element['action_id']);
  if (new Set(ids).size < ids.length) found.faults.push('action_id must be unique in its block');
  for (const element of elements) checkElement(element as Json, ['button', 'static_select', 'checkboxes'], found);
}

function checkInput(block: Json, where: 'message' | 'modal', found: Found): void {
  keysOf(block, ['label', 'element'], ['hint', 'optional', 'dispatch_action'], found);
  if (where === 'message') found.faults.push('input blocks stand in modals');
  checkText(block['label'], { plainOnly: true, most: 2_000 }, found);
  checkElement(block['element'] as Json, ['checkboxes', 'static_select', 'plain_text_input'], found);
}
