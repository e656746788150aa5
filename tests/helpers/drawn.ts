/** What people see of a message in Slack and in Discord, drawn as lines of text: for looking at, and for reviewing. */
import type { Form, Message } from '#bot/chat/message.ts';
import type { DesiredPost } from '#bot/chat/message.ts';
import { toComponents } from '#bot/discord/components.ts';
import { toModal } from '#bot/discord/form.ts';
import { renderMessage } from '#bot/slack/blocks.ts';
import { formView } from '#bot/slack/form.ts';
import { openSeal } from '#bot/slack/seal.ts';
import { readMarkdown } from '../fakes/discord/text.ts';

type Json = Record<string, unknown>;

/** A thread as lines, its card first; `draw` draws one message. */
export function drawnThread(
  posts: readonly DesiredPost[],
  draw: (message: Message, card: boolean) => string[],
): string {
  const lines = posts.flatMap(({ message, threadOf }) =>
    threadOf === null ? draw(message, true) : [...draw(message, false).map((line) => `  │ ${line}`), '  │'],
  );
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

/** A message of ours in Slack. */
export function drawnInSlack(message: Message, card: boolean): string[] {
  return (renderMessage(message, { card, id: null }).blocks as unknown as Json[]).flatMap(slackBlock);
}

/** A form in Slack. */
export function formInSlack(form: Form): string[] {
  const place = { user: 'U1', origin: { channel: 'C1', thread: null }, seal: openSeal('a secret', 'here') };
  const view = formView(form, place) as unknown as Json;
  return [
    `# ${textOf(view['title'])}`,
    ...(view['blocks'] as Json[]).flatMap(slackBlock),
    `[${textOf(view['close'])}] [${textOf(view['submit'])}]`,
  ];
}

/** A message of ours in Discord. */
export function drawnInDiscord(message: Message): string[] {
  return (toComponents(message, null) as unknown as Json[]).flatMap(discordComponent);
}

/** A form in Discord. */
export function formInDiscord(form: Form): string[] {
  const modal = toModal(form) as unknown as Json;
  return [`# ${String(modal['title'])}`, ...(modal['components'] as Json[]).flatMap(discordComponent)];
}

function slackBlock(block: Json): string[] {
  switch (block['type']) {
    case 'header':
      return [`# ${textOf(block['text'])}`];
    case 'section': {
      const { accessory } = block;
      return [`${textOf(block['text'])}${accessory === undefined ? '' : `  ${slackElement(accessory as Json)}`}`];
    }
    case 'rich_text':
      return (block['elements'] as Json[]).flatMap((part) => {
        const text = (part['elements'] as Json[]).map((one) => String(one['text'])).join('');
        return text.split('\n').map((line) => (part['type'] === 'rich_text_preformatted' ? `┃ ${line}` : line));
      });
    case 'actions':
      return [(block['elements'] as Json[]).map(slackElement).join(' ')];
    case 'context':
      return (block['elements'] as Json[]).map((one) => `(${textOf(one)})`);
    case 'input':
      return [`${textOf(block['label'])}:`, slackElement(block['element'] as Json)];
    default:
      throw new Error(`a block that is not drawn: ${String(block['type'])}`);
  }
}

function slackElement(element: Json): string {
  switch (element['type']) {
    case 'button':
      return `[${textOf(element['text'])}${element['url'] === undefined ? '' : ' ↗'}]`;
    case 'static_select':
      return [`[${textOf(element['placeholder'])} ▾]`, ...options(element, (one) => `· ${slackOption(one)}`)].join(
        '\n',
      );
    case 'checkboxes': {
      const checked = new Set((element['initial_options'] as Json[]).map((one) => one['value']));
      return options(element, (one) => `[${checked.has(one['value']) ? 'x' : ' '}] ${slackOption(one)}`).join('\n');
    }
    default:
      throw new Error(`an element that is not drawn: ${String(element['type'])}`);
  }
}

function slackOption(option: Json): string {
  return [option['text'], option['description']]
    .filter((one) => one !== undefined)
    .map(textOf)
    .join(' – ');
}

function discordComponent(component: Json): string[] {
  switch (component['type']) {
    case 17:
      return (component['components'] as Json[]).flatMap(discordComponent);
    case 10:
      return discordText(String(component['content']));
    case 9: {
      const texts = (component['components'] as Json[]).flatMap(discordComponent);
      return [
        ...texts.slice(0, -1),
        `${texts.at(-1) ?? ''}  ${discordComponent(component['accessory'] as Json).join(' ')}`,
      ];
    }
    case 1: {
      const [first, ...others] = component['components'] as Json[];
      if (first?.['type'] === 3) return discordComponent(first);
      return [[first, ...others].flatMap((one) => (one === undefined ? [] : discordComponent(one))).join(' ')];
    }
    case 2:
      return [`[${String(component['label'])}${component['url'] === undefined ? '' : ' ↗'}]`];
    case 3:
      return ['[Choose ▾]', ...options(component, (one) => `· ${discordOption(one)}`)];
    case 18:
      return [`${String(component['label'])}:`, ...discordComponent(component['component'] as Json)];
    case 22:
      return options(component, (one) => `[${one['default'] === true ? 'x' : ' '}] ${discordOption(one)}`);
    default:
      throw new Error(`a component that is not drawn: ${String(component['type'])}`);
  }
}

/** Large and small lines keep their sign, a block of code its edge; everything else is as it is read. */
function discordText(content: string): string[] {
  const code = /^```\n([\s\S]*)\n```$/.exec(content)?.[1];
  if (code !== undefined) return code.split('\n').map((line) => `┃ ${line}`);
  return content.split('\n').map((line) => {
    const sign = line.startsWith('### ') ? '# ' : '';
    const { shown } = readMarkdown(line.replace(/^### /, ''));
    return line.startsWith('-# ') ? `(${shown})` : `${sign}${shown}`;
  });
}

function discordOption(option: Json): string {
  return [option['label'], option['description']]
    .filter((one) => one !== undefined)
    .map(String)
    .join(' – ');
}

function options(element: Json, draw: (option: Json) => string): string[] {
  return (element['options'] as Json[]).map(draw);
}

function textOf(text: unknown): string {
  return String((text as Json)['text']);
}
