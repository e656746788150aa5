/** Finds what Slack would make of a text: whom it would ping, what it would link. Tests assert that it finds nothing. */

/** What Slack would do on seeing a message, besides showing it. */
export interface Effects {
  /** `<!channel>`, `<@U1>`, `@everyone` … that would notify somebody. */
  pings: string[];
  /** `<https://…>`, bare addresses that are made clickable, `<#C1>`. */
  links: string[];
  /** `*bold*`, `` `code` `` … that would be shown as something else than typed. */
  formats: string[];
}

/** Reads a mrkdwn text. `parsed`: bare addresses and names are linked too (`parse: 'full'` or `link_names`). */
export function readMrkdwn(text: string, parsed: { links: boolean; names: boolean }): Effects {
  const effects: Effects = { pings: [], links: [], formats: [] };
  for (const [whole, inner = ''] of text.matchAll(/<([^<>]*)>/g)) {
    if (/^[!@]/.test(inner)) effects.pings.push(whole);
    else effects.links.push(whole);
  }
  const rest = text.replace(/<[^<>]*>/g, ' ');
  if (parsed.links) effects.links.push(...(rest.match(/\bhttps?:\/\/\S+/g) ?? []));
  if (parsed.names) effects.pings.push(...(rest.match(/(^|[^\w])@[a-z]\w*/gi) ?? []));
  effects.formats.push(...(rest.match(/(\*[^*\n]+\*)|(~[^~\n]+~)|(`[^`]+`)/g) ?? []));
  return effects;
}

/** Characters of a text that is sent raw although Slack asks to escape them; a lone `<` breaks what follows. */
export function isWellEscaped(text: string): boolean {
  return !/[<>]/.test(text.replace(/<([!@#]|https?:|mailto:)[^<>]*>/g, '')) && !/&(?!(amp|lt|gt);)/.test(text);
}

/** Puts several findings together. */
export function joined(...all: Effects[]): Effects {
  return {
    pings: all.flatMap((one) => one.pings),
    links: all.flatMap((one) => one.links),
    formats: all.flatMap((one) => one.formats),
  };
}
