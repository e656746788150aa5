/** From the text of an answer to its JSON value, or to the reason why there is none. */
import { ScrapeError } from './errors.ts';
import { wellFormedJson } from './well-formed.ts';

/** Escapes (and raw C1 controls) that may turn into characters nobody can store; only then is the parsed value walked. */
const suspicious = /\\(?:u(?:00[01789]|[dD][89a-fA-F])|[bfr])|[\u007f-\u009f]/;

/** Parses JSON; throws `truncated` when the text stops before its end, and `drifted` when it is something else. */
export function readJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    if (stopsInTheMiddle(text)) throw new ScrapeError('truncated', 'the JSON stops in the middle');
    throw new ScrapeError('drifted', 'the answer is not JSON');
  }
  return suspicious.test(text) ? wellFormedJson(value) : value;
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
