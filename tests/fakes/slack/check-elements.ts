/** Slack's rules for texts, buttons, menus and checkboxes. */
import { isWellEscaped, readMrkdwn, type Effects } from './mrkdwn.ts';

type Json = Record<string, unknown>;

/** What a check found: broken rules, effects on people, and what a reader sees. */
export interface Found {
  faults: string[];
  effects: Effects;
  characters: number;
  /** Every visible text, in order. */
  texts: string[];
}

/** Refuses unknown and missing keys, as Slack does. */
export function keysOf(thing: Json, needed: string[], allowed: string[], found: Found): void {
  const known = new Set(['type', 'block_id', ...needed, ...allowed]);
  for (const key of needed) if (thing[key] === undefined) found.faults.push(`missing: ${key}`);
  for (const key of Object.keys(thing)) if (!known.has(key)) found.faults.push(`unknown: ${key}`);
}

/** A text object, with the number of characters its place allows. */
export function checkText(text: unknown, rule: { plainOnly?: boolean; most: number }, found: Found): void {
  const { type, text: value, emoji, verbatim } = (text ?? {}) as Json;
  if (type !== 'plain_text' && type !== 'mrkdwn') return void found.faults.push(`no text object: ${String(type)}`);
  if (rule.plainOnly === true && type !== 'plain_text') found.faults.push('only plain_text is allowed here');
  if (typeof value !== 'string' || value.length < 1) return void found.faults.push('must be more than 0 characters');
  if (value.length > rule.most) found.faults.push(`must be less than ${rule.most + 1} characters: ${value.length}`);
  if (!value.isWellFormed()) found.faults.push('half a character');
  if (type === 'mrkdwn' && emoji !== undefined) found.faults.push('emoji belongs to plain_text');
  if (type === 'plain_text' && verbatim !== undefined) found.faults.push('verbatim belongs to mrkdwn');
  found.characters += value.length;
  found.texts.push(value);
  if (type === 'plain_text') return;
  if (!isWellEscaped(value)) found.faults.push('& < > must be escaped');
  const effects = readMrkdwn(value, { links: verbatim !== true, names: verbatim !== true });
  found.effects.pings.push(...effects.pings);
  found.effects.links.push(...effects.links);
  found.effects.formats.push(...effects.formats);
}

/** An interactive element. */
export function checkElement(element: Json, allowed: string[], found: Found): void {
  const type = String(element?.['type']);
  if (!allowed.includes(type)) return void found.faults.push(`unsupported element here: ${type}`);
  const id = element['action_id'];
  if (typeof id !== 'string' || id.length < 1 || id.length > 255)
    found.faults.push('action_id must have 1–255 characters');
  if (type === 'button') return checkButton(element, found);
  if (type === 'static_select') return checkSelect(element, found);
  if (type === 'checkboxes') return checkCheckboxes(element, found);
  if (type === 'plain_text_input') return checkTextInput(element, found);
}

function checkTextInput(element: Json, found: Found): void {
  const allowed = ['initial_value', 'multiline', 'min_length', 'max_length', 'focus_on_load', 'placeholder'];
  keysOf(element, ['action_id'], allowed, found);
  const { min_length: least, max_length: most } = element;
  if (element['placeholder'] !== undefined) checkText(element['placeholder'], { plainOnly: true, most: 150 }, found);
  for (const [name, length] of Object.entries({ min_length: least, max_length: most })) {
    if (length === undefined) continue;
    const bound = name === 'min_length' ? 0 : 1;
    if (!Number.isInteger(length) || Number(length) < bound || Number(length) > 3_000)
      found.faults.push(`${name}: ${bound} to 3000`);
  }
  if (least !== undefined && most !== undefined && Number(least) > Number(most))
    found.faults.push('min_length is above max_length');
}

function checkButton(element: Json, found: Found): void {
  keysOf(element, ['text', 'action_id'], ['value', 'url', 'style', 'confirm', 'accessibility_label'], found);
  checkText(element['text'], { plainOnly: true, most: 75 }, found);
  const { value, style, url } = element;
  if (url !== undefined && (typeof url !== 'string' || !/^https?:\/\//.test(url) || url.length > 3_000))
    found.faults.push('url: an address of at most 3000 characters');
  if (value !== undefined && (typeof value !== 'string' || value.length > 2_000))
    found.faults.push('value: at most 2000');
  if (style !== undefined && style !== 'primary' && style !== 'danger') found.faults.push('style: primary or danger');
}

function checkSelect(element: Json, found: Found): void {
  keysOf(element, ['action_id', 'options'], ['placeholder', 'initial_option', 'confirm'], found);
  if (element['placeholder'] !== undefined) checkText(element['placeholder'], { plainOnly: true, most: 150 }, found);
  checkOptions(element['options'], 100, found);
}

function checkCheckboxes(element: Json, found: Found): void {
  keysOf(element, ['action_id', 'options'], ['initial_options', 'confirm'], found);
  checkOptions(element['options'], 10, found);
  const initial = element['initial_options'];
  if (initial === undefined) return;
  if (!Array.isArray(initial) || initial.length < 1) return void found.faults.push('initial_options may not be empty');
  const options = (element['options'] as unknown[]).map((option) => JSON.stringify(option));
  if (initial.some((option) => !options.includes(JSON.stringify(option)))) {
    found.faults.push('initial_options must match options exactly');
  }
}

function checkOptions(options: unknown, most: number, found: Found): void {
  if (!Array.isArray(options) || options.length < 1 || options.length > most) {
    return void found.faults.push(`1–${most} options are allowed`);
  }
  for (const option of options as Json[]) {
    keysOf(option, ['text', 'value'], ['description'], found);
    checkText(option['text'], { most: 75 }, found);
    if (option['description'] !== undefined) checkText(option['description'], { most: 75 }, found);
    const value = option['value'];
    if (typeof value !== 'string' || value.length < 1 || value.length > 75) found.faults.push('option value: 1–75');
  }
}
