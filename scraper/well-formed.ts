/** The border for wild text: what passes here can be stored, shown and sent on without breaking anything. */

const tab = 0x09;
const lineEnd = 0x0a;
const unwanted = /[^\P{Cc}\n\t]/u;

/** Postgres refuses NUL, JSON columns refuse lone surrogates, terminals obey control characters: none of them gets past this. */
export function wellFormed(text: string): string {
  const whole = text.toWellFormed();
  if (!unwanted.test(whole)) return whole;
  return withoutControls(whole);
}

/** One pass over the codes: replacing by expression takes seconds for megabytes of them, and a site may send just that. */
function withoutControls(text: string): string {
  const codes = new Uint16Array(text.length);
  let kept = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0) codes[kept++] = 0xfffd;
    else if (!isControl(code)) codes[kept++] = code;
  }
  return Buffer.from(codes.buffer, 0, kept * 2).toString('utf16le');
}

/** Wild text for a place of limited size: {@link wellFormed}, then at most `maxBytes` of UTF-8, never cut inside a character. */
export function fromWild(text: string, maxBytes: number): string {
  const whole = wellFormed(text);
  const { read } = new TextEncoder().encodeInto(whole, new Uint8Array(maxBytes));
  return whole.slice(0, read);
}

/** Escapes that may stand for what {@link wellFormed} lets nobody have. */
const suspicious = /\\(?:u(?:00[01789]|[dD][89a-fA-F])|[bfr])/;
const pairOrEscape = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|[^u])/g;

/**
 * {@link wellFormed} for the escapes of a JSON text, before it is parsed: `\u0000` and `\ud800` come to life only then. Text
 * is cleaned and not the value, of which a site can make millions of strings and keys.
 */
export function wellFormedJson(text: string): string {
  if (!text.includes('\\') || !suspicious.test(text)) return text;
  return text.replace(pairOrEscape, (escape) => {
    const letter = escape[1] ?? '';
    if (letter !== 'u') return 'bfr'.includes(letter) ? '' : escape;
    if (escape.length > 6) return escape;
    const code = Number.parseInt(escape.slice(2), 16);
    if (code === 0 || (code >= 0xd800 && code <= 0xdfff)) return '\uFFFD';
    return isControl(code) ? '' : escape;
  });
}

function isControl(code: number): boolean {
  if (code >= 0x20) return code >= 0x7f && code < 0xa0;
  return code !== tab && code !== lineEnd;
}
