/** From the text of an answer to its JSON value, or to the reason why there is none. */
import { ScrapeError } from './errors.ts';
import { wellFormedJson } from './well-formed.ts';

/** How much a JSON text may hold. */
interface JsonLimits {
  characters: number;
  /** Counted by commas and brackets. */
  values: number;
}

/**
 * Of an answer: four times the characters of the largest known, of which it has one value in 34. What is more can hold
 * everything else up while it is parsed.
 */
const ofAnswers: JsonLimits = { characters: 4_000_000, values: 120_000 };

/** Lists and objects inside one another; known answers stay below 15, and what walks a value may well be recursive. */
const deepest = 200;

/**
 * Parses JSON from a decoded text; throws `truncated` when it stops before its end, `too_large` beyond the limits, and
 * `drifted` when it is something else.
 */
export function readJson(text: string, { characters, values } = ofAnswers): unknown {
  if (text.length > characters) throw new ScrapeError('too_large', `JSON of more than ${characters} characters`);
  // Before parsing: a few megabytes of brackets keep the parser busy for a second, and what reads the values for longer.
  const problem = tooMuch(text, values);
  if (problem) throw new ScrapeError('too_large', problem);
  try {
    return JSON.parse(wellFormedJson(text));
  } catch {
    if (stopsInTheMiddle(text)) throw new ScrapeError('truncated', 'the JSON stops in the middle');
    throw new ScrapeError('drifted', 'the answer is not JSON');
  }
}

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const openObject = 0x7b;
const closeObject = 0x7d;
const openList = 0x5b;
const closeList = 0x5d;

/** Why this is more than an answer can be, or null. By character codes, as this is looked at for every answer. */
function tooMuch(text: string, most: number): string | null {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = endOfString(text, at);
    } else if (code === comma) {
      values += 1;
    } else if (code === openObject || code === openList) {
      values += 1;
      depth += 1;
      if (depth > deepest) return `JSON more than ${deepest} levels deep`;
    } else if (code === closeObject || code === closeList) depth -= 1;
    if (values > most) return `JSON of more than ${most} values`;
  }
  return null;
}

/** Characters of a string that are looked at one by one; most strings are shorter. */
const mostPlain = 24;

/** Where the string that begins here ends: its closing quote, or the end of the text. */
export function endOfString(text: string, start: number): number {
  let plain = 0;
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    if (code === backslash) {
      at += 1;
      plain = 0;
    } else if ((plain += 1) > mostPlain) {
      // A long one: its quote is found faster than its characters are looked at.
      const found = text.indexOf('"', at + 1);
      if (found < 0) return text.length;
      let escapes = 0;
      while (found - 1 - escapes > at && text.charCodeAt(found - 1 - escapes) === backslash) escapes += 1;
      if (escapes % 2 === 0) return found;
      at = found;
      plain = 0;
    }
  }
  return text.length;
}

/** Whether brackets or a string are still open at the end. The parser's own messages differ between engines, so they are not asked. */
function stopsInTheMiddle(text: string): boolean {
  const open: string[] = [];
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') open.push('}');
    else if (character === '[') open.push(']');
    else if ((character === '}' || character === ']') && open.pop() !== character) return false;
  }
  return inString || open.length > 0 || text.trim() === '';
}
