/** Buttons as Slack's elements. What a press will do stands beside it; too many buttons become a menu. */
import type { Button } from '#bot/chat/message.ts';
import { sentence } from '#bot/chat/wording.ts';
import type { ActionsBlock, Button as SlackButton, ContextBlock, KnownBlock, PlainTextOption } from '@slack/types';
import { fit, plain } from './text.ts';

/** Every element of ours has an action id that begins so; what it does is its value, in the words of `actions.ts`. */
export const PRESS = 'press:';

/** Buttons that stand side by side; from here on a menu is easier to read. Slack takes 25. */
const INLINE = 10;
/** Characters on a button, and of an option and its description. */
export const LABEL_LIMIT = 75;
/** Characters an option's value may have; a button's may have 2,000. */
const OPTION_VALUE_LIMIT = 75;
/** Options of a menu, and the characters they share; without room for its description, an option has none. */
const OPTION_LIMIT = 100;
const MENU_LIMIT = 3_000;
const SHORTEST = 25;
/** Characters of a text beside a button or in its place. */
const NOTE_LIMIT = 150;
/** Notes in one context block. */
const NOTES_PER_BLOCK = 10;
/** Notes shown in all. */
const NOTE_COUNT = 10;

/** Draws a message's buttons, and the notes that stand where buttons stood. */
export function buttonBlocks(buttons: readonly Button[]): KnownBlock[] {
  const enabled = buttons.filter((button) => !button.disabled);
  const notes = buttons.filter((button) => button.disabled).map((button) => noteText(button));
  const drawn = enabled.length > INLINE ? menu(enabled) : inline(enabled);
  return [...drawn, ...noteBlocks(notes)];
}

function inline(buttons: readonly Button[]): KnownBlock[] {
  const blocks: KnownBlock[] = [];
  let row: ActionsBlock | null = null;
  for (const [index, button] of buttons.entries()) {
    const element: SlackButton = {
      type: 'button',
      action_id: `${PRESS}${index}`,
      text: plain(fit(button.label, LABEL_LIMIT)),
      value: button.id,
    };
    if (button.hint !== null) {
      row = null;
      blocks.push({ type: 'section', text: plain(fit(sentence(button.hint), NOTE_LIMIT)), accessory: element });
    } else if (row === null) {
      row = { type: 'actions', elements: [element] };
      blocks.push(row);
    } else row.elements.push(element);
  }
  return blocks;
}

function menu(buttons: readonly Button[]): KnownBlock[] {
  const fitting = buttons.filter((button) => button.id.length <= OPTION_VALUE_LIMIT);
  const shown = fitting.slice(0, OPTION_LIMIT);
  const share = Math.floor(MENU_LIMIT / Math.max(1, shown.length));
  const half = Math.min(LABEL_LIMIT, Math.floor(share / 2));
  const described = half >= SHORTEST;
  const label = described ? half : Math.min(LABEL_LIMIT, share);
  const options = shown.map((button): PlainTextOption => ({
    text: plain(fit(button.label, label)),
    value: button.id,
    ...(button.hint === null || !described ? {} : { description: plain(fit(button.hint, half)) }),
  }));
  const left = buttons.length - options.length;
  const select: KnownBlock = {
    type: 'actions',
    elements: [
      {
        type: 'static_select',
        action_id: `${PRESS}menu`,
        placeholder: plain(`Choose one of ${options.length}`),
        options,
      },
    ],
  };
  return [...(options.length === 0 ? [] : [select]), ...(left === 0 ? [] : noteBlocks([`and ${left} more`]))];
}

function noteText(button: Button): string {
  return fit(button.hint === null ? button.label : `${button.label}: ${button.hint}`, NOTE_LIMIT);
}

function noteBlocks(notes: readonly string[]): ContextBlock[] {
  const shown = notes.length > NOTE_COUNT ? notes.slice(0, NOTE_COUNT - 1) : [...notes];
  if (shown.length < notes.length) shown.push(`and ${notes.length - shown.length} more`);
  const blocks: ContextBlock[] = [];
  for (let at = 0; at < shown.length; at += NOTES_PER_BLOCK) {
    blocks.push({ type: 'context', elements: shown.slice(at, at + NOTES_PER_BLOCK).map((note) => plain(note)) });
  }
  return blocks;
}
