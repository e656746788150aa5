/** The border for wild text: what passes here can be stored, shown and sent on without breaking anything. */

const tab = 0x09;
const lineEnd = 0x0a;
/** Every control character but line end and tab, by codes, as each answer is looked through for them. */
const unwanted = /[\0-\x08\x0b-\x1f\x7f-\x9f]/;

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

/**
 * {@link wellFormed} for the escapes of a JSON text, before it is parsed: `\u0000` and `\ud800` come to life only then. Text
 * is cleaned and not the value, of which a site can make millions of strings and keys.
 */
export function wellFormedJson(text: string): string {
  if (!text.includes('\\') || !suspicious.test(text)) return text;
  const parts: string[] = [];
  let copied = 0;
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at)) {
    const { length, instead } = escapeAt(text, at);
    if (instead !== null) {
      parts.push(text.slice(copied, at), instead);
      copied = at + length;
    }
    at += length;
  }
  return parts.join('') + text.slice(copied);
}

/** An escape: how long it is, and what stands in its place, or null when it may stay. */
interface Escape {
  length: number;
  instead: string | null;
}

const letter = { stays: { length: 2, instead: null }, goes: { length: 2, instead: '' } };
const unicode = {
  stays: { length: 6, instead: null },
  goes: { length: 6, instead: '' },
  senseless: { length: 6, instead: '\uFFFD' },
};
const pairStays: Escape = { length: 12, instead: null };
const [u, b, f, r] = Buffer.from('ubfr');

function escapeAt(text: string, at: number): Escape {
  const code = text.charCodeAt(at + 1);
  if (code !== u) return code === b || code === f || code === r ? letter.goes : letter.stays;
  const unit = unitAt(text, at);
  if (unit === null) return letter.stays;
  if (unit === 0) return unicode.senseless;
  if (unit < 0xd800 || unit > 0xdfff) return isControl(unit) ? unicode.goes : unicode.stays;
  const next = unit < 0xdc00 && text.startsWith('\\u', at + 6) ? unitAt(text, at + 6) : null;
  return next !== null && next >= 0xdc00 && next <= 0xdfff ? pairStays : unicode.senseless;
}

/** The code unit that `\uXXXX` stands for; null where no four hexadecimal digits follow. */
function unitAt(text: string, at: number): number | null {
  let unit = 0;
  for (let place = at + 2; place < at + 6; place += 1) {
    const digit = hexDigit(text.charCodeAt(place));
    if (digit < 0) return null;
    unit = unit * 16 + digit;
  }
  return unit;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const small = code | 0x20;
  return small >= 0x61 && small <= 0x66 ? small - 0x57 : -1;
}

function isControl(code: number): boolean {
  if (code >= 0x20) return code >= 0x7f && code < 0xa0;
  return code !== tab && code !== lineEnd;
}
