/** A form as Discord's modal, and what was chosen in it. */
import {
  ComponentType,
  TextInputStyle,
  type APIComponentInLabel,
  type APIModalInteractionResponseCallbackData,
  type APIModalSubmission,
  type APISelectMenuOption,
} from 'discord.js';
import type { Form, TextField } from '#bot/chat/message.ts';
import { cut, literal, plain } from './text.ts';

/** Components of a modal; the introduction takes one when it can. */
export const MODAL_LIMIT = 5;
/** Boxes of one group. */
export const GROUP_LIMIT = 10;
const TITLE_LIMIT = 45;
const LABEL_LIMIT = 45;
const OPTION_TEXT_LIMIT = 100;
const TEXT_LIMIT = 4_000;
/** Ours: an introduction is a sentence or two, characters. */
const INTRO_LENGTH = 600;

type Option = Pick<APISelectMenuOption, 'label' | 'value' | 'description' | 'default'>;

/** Renders a form: boxes in groups of even size, at most 50; what is more is not offered. */
export function toModal(form: Form): APIModalInteractionResponseCallbackData {
  const options = toOptions(form);
  const groups = split(options);
  const labels = groups.map((group, index) => ({
    type: ComponentType.Label as const,
    label: groupLabel(form, group, groups.length),
    component: box(group, index),
  }));
  const text = form.text === null ? [] : [textInput(form.text)];
  const fields = [...labels, ...text].slice(0, MODAL_LIMIT);
  const intro = form.intro === '' || fields.length === MODAL_LIMIT ? [] : [introOf(form)];
  return {
    custom_id: form.id,
    title: plain(form.title, TITLE_LIMIT) || '…',
    components: [...intro, ...fields],
  };
}

/** Every value chosen in a submitted form, in its order. */
export function chosenIn(submission: APIModalSubmission): string[] {
  return submission.components.flatMap((component) => {
    if (component.type !== ComponentType.Label) return [];
    const field = component.component;
    return field.type === ComponentType.CheckboxGroup || field.type === ComponentType.StringSelect ? field.values : [];
  });
}

/** What was written into a submitted form's line of text; null when it has none. */
export function writtenIn(submission: APIModalSubmission): string | null {
  for (const component of submission.components) {
    if (component.type !== ComponentType.Label) continue;
    if (component.component.type === ComponentType.TextInput) return component.component.value;
  }
  return null;
}

function textInput({ label, example, most }: TextField) {
  return {
    type: ComponentType.Label as const,
    label: plain(label, LABEL_LIMIT) || '…',
    component: {
      type: ComponentType.TextInput as const,
      custom_id: 'text',
      style: TextInputStyle.Short as const,
      min_length: 1,
      max_length: Math.min(most, TEXT_LIMIT),
      placeholder: plain(example, OPTION_TEXT_LIMIT),
      required: true,
    },
  };
}

function toOptions(form: Form): Option[] {
  const seen = new Set<string>();
  const options: Option[] = [];
  for (const { value, label, hint, checked } of form.choices) {
    if (value === '' || value.length > OPTION_TEXT_LIMIT || seen.has(value)) continue;
    seen.add(value);
    options.push({
      value,
      label: plain(label, OPTION_TEXT_LIMIT) || plain(value, OPTION_TEXT_LIMIT) || '…',
      default: checked,
      ...(hint === '' ? {} : { description: plain(hint, OPTION_TEXT_LIMIT) }),
    });
  }
  return options.slice(0, MODAL_LIMIT * GROUP_LIMIT);
}

/** Even groups, so that none is left with a single box. */
function split(options: readonly Option[]): Option[][] {
  const count = Math.ceil(options.length / GROUP_LIMIT);
  const size = Math.ceil(options.length / Math.max(1, count));
  return Array.from({ length: count }, (_, index) => options.slice(index * size, (index + 1) * size)).filter(
    (group) => group.length > 0,
  );
}

/** A group of boxes takes two and more; for a single choice there is the menu. Nothing has to be chosen. */
function box(options: Option[], index: number): APIComponentInLabel {
  const shared = { custom_id: `choices:${index}`, required: false, min_values: 0, max_values: options.length, options };
  return options.length === 1
    ? { type: ComponentType.StringSelect, ...shared }
    : { type: ComponentType.CheckboxGroup, ...shared };
}

function groupLabel(form: Form, group: readonly Option[], groups: number): string {
  const [first, last] = [group[0]?.label ?? '', group.at(-1)?.label ?? ''];
  const text = groups === 1 ? plain(form.submit, LABEL_LIMIT) : `${plain(first, 20)} – ${plain(last, 20)}`;
  return cut(text, LABEL_LIMIT) || '…';
}

function introOf(form: Form) {
  return { type: ComponentType.TextDisplay as const, content: literal(form.intro, INTRO_LENGTH) || '…' };
}
