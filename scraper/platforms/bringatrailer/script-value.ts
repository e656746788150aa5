/** Values that a page sets in a script: found by bracket matching, since they hold nested arrays and everybody's words. */
import { drifted } from '../../errors.ts';
import { endOfString, readJson } from '../../read-json.ts';

/**
 * More than an answer may have: pages are read in a thread, the list of running lots has some 3 MB, and a lot that
 * everybody talks about has thousands of comments.
 */
const limits = { characters: 10_000_000, values: 2_000_000 };

const [quote, openObject, closeObject, openList, closeList] = [0x22, 0x7b, 0x7d, 0x5b, 0x5d];

/**
 * The object or list that stands after `name =` in a script, or null when the name is not there. Throws `drifted` when
 * what stands there is no JSON. Only the characters from the name to the last bracket are looked at, each once.
 */
export function scriptValue(script: string, name: string): unknown {
  const named = script.indexOf(name);
  if (named < 0) return null;
  const start = script.slice(named + name.length).search(/[{[]/) + named + name.length;
  const between = script.slice(named + name.length, Math.min(start, named + name.length + 20));
  const end = /^\s*=\s*$/.test(between) ? endOfValue(script, start) : null;
  try {
    if (end !== null) return readJson(script.slice(start, end), limits);
  } catch {
    // Said below, with the name that people find it by.
  }
  throw drifted({ path: name, problem: 'is of another kind' });
}

/** Where the value that begins at `start` ends, or null when it never does. Brackets within strings do not count. */
function endOfValue(script: string, start: number): number | null {
  const open: number[] = [];
  for (let at = start; at < script.length; at += 1) {
    const code = script.charCodeAt(at);
    if (code === quote) at = endOfString(script, at);
    else if (code === openObject) open.push(closeObject);
    else if (code === openList) open.push(closeList);
    else if (code === closeObject || code === closeList) {
      if (open.pop() !== code) return null;
      if (open.length === 0) return at + 1;
    }
  }
  return null;
}
