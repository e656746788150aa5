/** How a Discord client reads markdown: what a person sees, and what would have been a mention, a link or a format. */
import { asText, type Json } from './world.ts';

/** One text read. `shown` is what stands there; the rest is what it would have done. */
export interface ReadText {
  shown: string;
  pings: string[];
  links: string[];
}

const mention =
  /^(?:<@[!&]?\d+>|<@[^>\s]{1,40}>|<#\d+>|<![a-z]+>|<\/[^>]+:\d+>|<id:\w+>|<t:-?\d+(?::\w)?>|@everyone|@here)/;
const address = /^<?(?:https?|steam|discord):\/\/[^\s<]+/;
const masked = /^\[(?:[^\]\\]|\\.)+\]\(<?[^)\s]+>?(?: [^)]*)?\)/;

/** Reads a text the way a client does: code first, then escapes, then mentions and links, then formats. */
export function readMarkdown(text: string): ReadText {
  const read: ReadText = { shown: '', pings: [], links: [] };
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at);
    const block = /^```(?:[a-z0-9_+-]*\n)?([\s\S]*?)```/i.exec(rest) ?? /^(`+)(?!`)([\s\S]*?[^`])\1(?!`)/.exec(rest);
    if (block !== null) {
      read.shown += block.at(-1) ?? '';
      at += block[0].length;
      continue;
    }
    const escaped = /^\\([^0-9A-Za-z\s])/.exec(rest);
    if (escaped !== null) {
      read.shown += escaped[1];
      at += 2;
      continue;
    }
    const ping = mention.exec(rest)?.[0];
    if (ping !== undefined) read.pings.push(ping);
    const link = masked.exec(rest)?.[0] ?? address.exec(rest)?.[0];
    if (link !== undefined) read.links.push(link);
    const format =
      /^(?:\*\*|__|~~|\|\|)/.exec(rest)?.[0] ??
      (/(^|\n)$/.test(text.slice(0, at)) ? /^(?:-# |#{1,3} |> )/.exec(rest)?.[0] : undefined);
    if (format !== undefined) {
      at += format.length;
      continue;
    }
    const taken = link ?? ping ?? String.fromCodePoint(rest.codePointAt(0) ?? 0);
    read.shown += taken;
    at += taken.length;
  }
  return read;
}

/** Every component of a message, nested ones included. */
export function everyComponent(components: readonly Json[]): Json[] {
  return components.flatMap((component) => {
    const inner = [component['components'], [component['accessory']], [component['component']]]
      .flatMap((list) => (Array.isArray(list) ? list : []))
      .filter((part): part is Json => typeof part === 'object' && part !== null);
    return [component, ...everyComponent(inner)];
  });
}

/** The texts of a message that are parsed as markdown. */
export function markdownOf(message: { content?: unknown; components?: unknown }): string[] {
  const components = Array.isArray(message.components) ? (message.components as Json[]) : [];
  const displays = everyComponent(components).filter((component) => component['type'] === 10);
  return [message.content, ...displays.map((display) => display['content'])].filter(
    (text): text is string => typeof text === 'string' && text !== '',
  );
}

/** What a person reads: texts, labels of buttons, options of menus. */
export function shownText(message: { content?: unknown; components?: unknown }): string {
  const components = Array.isArray(message.components) ? (message.components as Json[]) : [];
  const labels = everyComponent(components).flatMap((component) => {
    if (component['type'] === 2) return [`[${asText(component['label'])}]`];
    if (component['type'] !== 3) return [];
    return (component['options'] as Json[]).map((option) => `[${asText(option['label'])}]`);
  });
  return [...markdownOf(message).map((text) => readMarkdown(text).shown), ...labels].join('\n');
}
