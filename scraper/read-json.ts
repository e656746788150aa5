/** From the text of an answer to its JSON value, or to the reason why there is none. */
import { ScrapeError } from './errors.ts';
import { wellFormedJson } from './well-formed.ts';

/** Length of a JSON answer: four times the largest known. Longer ones can hold everything else up while they are parsed. */
const mostCharacters = 4_000_000;

/** Lists and objects inside one another; known answers stay below 15, and what walks a value may well be recursive. */
const deepest = 200;

/** Parses JSON from a decoded text; throws `truncated` when it stops before its end, `too_large` beyond our limits, and `drifted` when it is something else. */
export function readJson(text: string): unknown {
  if (text.length > mostCharacters)
    throw new ScrapeError('too_large', `JSON of more than ${mostCharacters} characters`);
  // Before parsing: a few megabytes of brackets keep the parser busy for seconds.
  if (isDeep(text)) throw new ScrapeError('too_large', `JSON more than ${deepest} levels deep`);
  try {
    return JSON.parse(wellFormedJson(text));
  } catch {
    if (stopsInTheMiddle(text)) throw new ScrapeError('truncated', 'the JSON stops in the middle');
    throw new ScrapeError('drifted', 'the answer is not JSON');
  }
}

const quote = 0x22;
const backslash = 0x5c;
const openObject = 0x7b;
const closeObject = 0x7d;
const openList = 0x5b;
const closeList = 0x5d;

/** By character codes, as this is looked at for every answer. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      for (at += 1; at < text.length; at += 1) {
        const inside = text.charCodeAt(at);
        if (inside === quote) break;
        if (inside === backslash) at += 1;
      }
    } else if (code === openObject || code === openList) {
      depth += 1;
      if (depth > deepest) return true;
    } else if (code === closeObject || code === closeList) depth -= 1;
  }
  return false;
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
