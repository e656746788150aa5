/** A neutral message as Discord's components: whatever it holds, the result is within every limit. */
import {
  ButtonStyle,
  ComponentType,
  type APIButtonComponent,
  type APIComponentInContainer,
  type APIContainerComponent,
  type APIFileComponent,
} from 'discord.js';
import type { Button, Line, Message, Tone } from '#bot/chat/message.ts';
import { ACTION_ID_LIMIT, decodeAction } from '#bot/chat/actions.ts';
import { QUOTE_LIMIT } from '#bot/chat/escape.ts';
import { chooseLines } from './fold.ts';
import type { Mark } from './names.ts';
import { codeBlock, literal, plain } from './text.ts';

/** Text of all text displays of a message, characters. */
export const TEXT_LIMIT = 4_000;
/** Buttons in one row. */
export const ROW_LIMIT = 5;
/** Options of one menu. */
export const OPTION_LIMIT = 25;
/** Characters of a button's label. */
export const LABEL_LIMIT = 80;
/** Characters of the address of a link. */
export const URL_LIMIT = 512;
/** Characters of a menu option's label and of its description. */
export const OPTION_TEXT_LIMIT = 100;
/**
 * Ours, and why 40 components are never exceeded: 6 lines with a button cost 18 components, the groups of lines between
 * them 7; container, title, quote, notes and footer 5; two menus 4 or a row of buttons 6; a link 2. Together 38.
 */
const SECTION_LIMIT = 6;
const MENU_LIMIT = 2;
const NOTE_LIMIT = 5;
/** Ours, in characters before escaping: title, name, text and footer can each be twice as long afterwards. */
const TITLE_LENGTH = 200;
const NAME_LENGTH = 80;
const LINE_LENGTH = 300;
const NOTE_LENGTH = 120;
const FOOTER_LENGTH = 300;
/** Kept free for the note that lines were left out. */
const MORE_LENGTH = 40;

const signs: Record<Tone, string> = { running: '⏳', good: '✅', warning: '⚠️', bad: '❌', quiet: '▫️' };
const colours: Record<Tone, number> = {
  running: 0x3b82f6,
  good: 0x22a55b,
  warning: 0xf0b232,
  bad: 0xda373c,
  quiet: 0x80848e,
};

/** A file of a message: the bytes are sent beside it, under this name. */
function fileOf({ file }: Message): APIFileComponent[] {
  return file === null ? [] : [{ type: ComponentType.File, file: { url: `attachment://${file.name}` } }];
}

function linkOf({ link }: Message): APIComponentInContainer[] {
  if (link === null || link.url.length > URL_LIMIT) return [];
  const label = plain(link.label, LABEL_LIMIT) || '…';
  const button = { type: ComponentType.Button as const, style: ButtonStyle.Link as const, label, url: link.url };
  return [{ type: ComponentType.ActionRow, components: [button] }];
}

/** Renders a message. Every string of it is shown literally; more lines or buttons than fit are folded, never refused. */
export function toComponents(message: Message, mark: Mark | null): [APIContainerComponent] {
  const who = mentioned(message);
  const ping = who === null ? '' : `<@${who}> `;
  const title = display(`### ${signs[message.tone]} ${ping}${literal(message.title, TITLE_LENGTH)}`, mark?.[1]);
  const buttons = pressable(message.buttons);
  const rows = message.lines.map((line) => ({ line, button: buttons.find((button) => belongsTo(button, line)) }));
  const withButton = rows.filter((row) => row.button !== undefined);
  const sections = new Set(withButton.slice(0, SECTION_LIMIT));
  // In a menu, what a button will do stands in its option; in a row, among the notes.
  const inMenu = buttons.length - sections.size > ROW_LIMIT;
  const placed = new Set((inMenu ? withButton : [...sections]).map((row) => row.button));
  const quote = message.quote === null ? [] : [display(codeBlock(message.quote, QUOTE_LIMIT))];
  const notes = notesOf(message.buttons.filter((button) => !placed.has(button)));
  const footer = message.footer === null ? [] : [display(`-# ${literal(message.footer, FOOTER_LENGTH)}`)];
  const used = [title, ...quote, ...notes, ...footer].map(({ content }) => content.length);
  const room = TEXT_LIMIT - MORE_LENGTH - used.reduce((sum, length) => sum + length, 0);
  const { chosen, left } = chooseLines(
    rows.map((row) => {
      const button = sections.has(row) ? row.button : undefined;
      return { text: lineText(row.line, button), tone: row.line.tone, button };
    }),
    room,
  );
  const beside = new Set(chosen.map((row) => row.button));
  return [
    {
      type: ComponentType.Container,
      accent_color: colours[message.tone],
      ...(mark === null ? {} : { id: mark[0] }),
      components: [
        title,
        ...body(chosen, left),
        ...quote,
        ...notes,
        ...controls(buttons.filter((button) => !beside.has(button))),
        ...linkOf(message),
        ...fileOf(message),
        ...footer,
      ],
    },
  ];
}

/** Whom a message pings, as a checked id: the only mention there is in it, and the only one it is sent with leave for. */
export function mentioned({ mention }: Message): string | null {
  return mention?.surface === 'discord' && /^\d{1,20}$/.test(mention.id) ? mention.id : null;
}

interface Row {
  text: string;
  tone: Tone;
  button: Button | undefined;
}

/** Lines with a button stand alone with it; those between them share one text. */
function body(rows: readonly Row[], left: number): APIComponentInContainer[] {
  const components: APIComponentInContainer[] = [];
  let group: string[] = [];
  const close = () => {
    if (group.length > 0) components.push(display(group.join('\n')));
    group = [];
  };
  for (const row of rows) {
    if (row.button === undefined) {
      group.push(row.text);
      continue;
    }
    close();
    components.push({
      type: ComponentType.Section,
      components: [display(row.text)],
      accessory: toButton(row.button),
    });
  }
  if (left > 0) group.push(`-# … and ${left} more`);
  close();
  return components;
}

/** Buttons in a row; more than fit become menus whose options carry the actions. */
function controls(buttons: readonly Button[]): APIComponentInContainer[] {
  if (buttons.length === 0) return [];
  if (buttons.length <= ROW_LIMIT) return [{ type: ComponentType.ActionRow, components: buttons.map(toButton) }];
  const menus: APIComponentInContainer[] = [];
  for (let menu = 0; menu < MENU_LIMIT && menu * OPTION_LIMIT < buttons.length; menu++) {
    const options = buttons.slice(menu * OPTION_LIMIT, (menu + 1) * OPTION_LIMIT).map((button) => ({
      label: plain(button.label, OPTION_TEXT_LIMIT) || '…',
      value: button.id,
      ...(button.hint === null ? {} : { description: plain(button.hint, OPTION_TEXT_LIMIT) }),
    }));
    menus.push({
      type: ComponentType.ActionRow,
      components: [{ type: ComponentType.StringSelect, custom_id: `menu:${menu}`, options }],
    });
  }
  return menus;
}

/** What is offered besides the thing to do: it stands back. */
const quietly: ReadonlySet<string | undefined> = new Set(['cancel', 'mute', 'unmute']);

function toButton(button: Button): APIButtonComponent {
  return {
    type: ComponentType.Button,
    style: quietly.has(decodeAction(button.id)?.kind) ? ButtonStyle.Secondary : ButtonStyle.Primary,
    label: plain(button.label, LABEL_LIMIT) || '…',
    custom_id: button.id,
  };
}

/** What pressing will do, said beforehand; and for a button that is none any more, the note in its place. */
function notesOf(buttons: readonly Button[]) {
  const notes = buttons.flatMap(({ label, hint, disabled }) => {
    if (disabled) return [literal(label, 2 * NOTE_LENGTH)];
    return hint === null ? [] : [`${literal(label, LABEL_LIMIT)}: ${literal(hint, NOTE_LENGTH)}`];
  });
  return notes.length === 0
    ? []
    : [
        display(
          notes
            .slice(0, NOTE_LIMIT)
            .map((note) => `-# ${note}`)
            .join('\n'),
        ),
      ];
}

function lineText(line: Line, button: Button | undefined): string {
  const text = literal(line.text, LINE_LENGTH);
  const shown = line.name === '' ? text : `${signs[line.tone]} **${literal(line.name, NAME_LENGTH)}** ${text}`;
  const hint = button?.hint == null ? '' : `\n-# ${literal(button.hint, NOTE_LENGTH)}`;
  return `${shown || '…'}${hint}`;
}

/** Buttons that can be pressed, each id once, as Discord insists. */
function pressable(buttons: readonly Button[]): Button[] {
  const ids = new Set<string>();
  return buttons.filter(({ id, disabled }) => {
    if (disabled || id === '' || id.length > ACTION_ID_LIMIT || ids.has(id)) return false;
    ids.add(id);
    return true;
  });
}

function belongsTo(button: Button, line: Line): boolean {
  const action = decodeAction(button.id);
  return action?.kind === 'retry' && action.platform !== null && action.platform === line.name;
}

function display(content: string, id?: number) {
  return { type: ComponentType.TextDisplay as const, content, ...(id === undefined ? {} : { id }) };
}
