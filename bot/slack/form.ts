/** A neutral form as a modal of Slack's, and what was chosen in it read back. */
import type { Form, Message, TextField } from '#bot/chat/message.ts';
import type { Checkboxes, KnownBlock, PlainTextInput, PlainTextOption, View } from '@slack/types';
import { renderMessage } from './blocks.ts';
import type { Origin, Seal } from './seal.ts';
import { fit, plain } from './text.ts';

/** Characters of a modal's title and of its buttons. */
const TITLE_LIMIT = 24;
const INTRO_LIMIT = 2_000;
/** Checkboxes in one group; a form with more has several groups. */
const GROUP_SIZE = 10;
/** Groups in a form: a modal takes 100 blocks. */
const GROUP_LIMIT = 20;
/** Characters of a checkbox's label, of its description and of its value. */
const OPTION_LIMIT = 75;
/** Characters of a callback id. */
const ID_LIMIT = 255;
/** Characters of a line of text, and of the example in the empty one. */
const TEXT_LIMIT = 3_000;
const PLACEHOLDER_LIMIT = 150;
/** The callback id of an answer that stands where a form stood. */
const ANSWER = 'answer';
const GROUP = 'group:';
const PICK = 'pick';
const TEXT = 'text';

/** Whom a modal is shown to and where they were, which it carries along under our seal. */
export interface FormPlace {
  user: string;
  origin: Origin;
  seal: Seal;
}

/** Draws a form. Pure; what does not fit is counted in a note. */
export function formView(form: Form, place: FormPlace): View {
  const choices = form.choices.filter(({ value }) => value.length > 0 && value.length <= OPTION_LIMIT);
  const shown = choices.slice(0, GROUP_SIZE * GROUP_LIMIT);
  const blocks: KnownBlock[] = [{ type: 'section', text: plain(fit(form.intro, INTRO_LIMIT)) }];
  for (let at = 0; at < shown.length; at += GROUP_SIZE) {
    blocks.push(group(at / GROUP_SIZE, shown.slice(at, at + GROUP_SIZE), shown.length > GROUP_SIZE));
  }
  if (form.text !== null) blocks.push(textInput(form.text));
  const left = form.choices.length - shown.length;
  if (left > 0) blocks.push({ type: 'context', elements: [plain(`and ${left} more, not shown`)] });
  const id = form.id.slice(0, ID_LIMIT);
  return {
    type: 'modal',
    callback_id: id,
    title: plain(fit(form.title, TITLE_LIMIT)),
    submit: plain(fit(form.submit, TITLE_LIMIT)),
    close: plain('Cancel'),
    private_metadata: place.seal.sealOrigin(place.origin, { user: place.user, form: id }),
    blocks,
  };
}

/** A private answer where the form stood. */
export function answerView(message: Message, place: FormPlace): View {
  return {
    type: 'modal',
    callback_id: ANSWER,
    title: plain('Rescrape'),
    close: plain('Close'),
    private_metadata: place.seal.sealOrigin(place.origin, { user: place.user, form: ANSWER }),
    blocks: renderMessage(message, { card: false, id: null }).blocks,
  };
}

/** The checked values of a submitted form, in the order they stand in. */
export function chosenIn(values: Record<string, Record<string, { selected_options?: { value?: string }[] | null }>>) {
  return Object.keys(values)
    .filter((block) => block.startsWith(GROUP))
    .toSorted((a, b) => Number(a.slice(GROUP.length)) - Number(b.slice(GROUP.length)))
    .flatMap((block) => values[block]?.[PICK]?.selected_options ?? [])
    .flatMap(({ value }) => value ?? []);
}

/** What was written into a submitted form's line of text; null when it has none. */
export function writtenIn(values: Record<string, Record<string, { value?: string | null }>>): string | null {
  return values[TEXT]?.[TEXT]?.value ?? null;
}

function group(index: number, choices: Form['choices'], several: boolean): KnownBlock {
  const options = choices.map((choice) => ({ option: option(choice), checked: choice.checked }));
  const checked = options.filter((entry) => entry.checked).map((entry) => entry.option);
  const element: Checkboxes = {
    type: 'checkboxes',
    action_id: PICK,
    options: options.map((entry) => entry.option),
    ...(checked.length === 0 ? {} : { initial_options: checked }),
  };
  const label = several ? `Choose, part ${index + 1}` : 'Choose';
  return { type: 'input', block_id: `${GROUP}${index}`, optional: true, label: plain(label), element };
}

function textInput({ label, example, most }: TextField): KnownBlock {
  const element: PlainTextInput = {
    type: 'plain_text_input',
    action_id: TEXT,
    min_length: 1,
    max_length: Math.min(most, TEXT_LIMIT),
    focus_on_load: true,
    ...(example === '' ? {} : { placeholder: plain(fit(example, PLACEHOLDER_LIMIT)) }),
  };
  return { type: 'input', block_id: TEXT, label: plain(fit(label, INTRO_LIMIT)), element };
}

function option({ label, value, hint }: Form['choices'][number]): PlainTextOption {
  const text = { text: plain(fit(label, OPTION_LIMIT)), value };
  return hint === '' ? text : { ...text, description: plain(fit(hint, OPTION_LIMIT)) };
}
