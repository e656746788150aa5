/**
 * Arrays of the built-in types. postgres.js would ask every new connection for them, and an answer that never comes there
 * is a rejection nobody can catch, which ends the process.
 */

type Read = (text: string) => unknown;

const asText: Read = (text) => text;
const asNumber: Read = (text) => Number(text);
const asBoolean: Read = (text) => text === 't';
const asJson: Read = (text) => JSON.parse(text) as unknown;

/** Type ids of pg_type; bigint, numeric and uuid stay text, as their scalars do. */
const elements: Record<string, Read> = {
  199: asJson,
  1000: asBoolean,
  1002: asText,
  1003: asText,
  1005: asNumber,
  1007: asNumber,
  1009: asText,
  1015: asText,
  1016: asText,
  1021: asNumber,
  1022: asNumber,
  2951: asText,
  3807: asJson,
};

/** Parsers and serializers for arrays, by type id, to be laid over those of a postgres.js client. */
export const arrayTypes = {
  parsers: Object.fromEntries(
    Object.entries(elements).map(([id, read]) => [id, (text: string) => parseArray(text, read)]),
  ),
  serializers: Object.fromEntries(Object.keys(elements).map((id) => [id, writeArray])),
};

/** Writes an array as Postgres reads it; text is passed through, for drizzle hands over arrays it has written itself. */
export function writeArray(value: unknown): string {
  if (!Array.isArray(value)) return value as string;
  return `{${value.map(writeElement).join(',')}}`;
}

function writeElement(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (Array.isArray(value)) return writeArray(value);
  // A date keeps its own text; everything else is written as JSON writes it, which for numbers and booleans is SQL's way.
  const text = typeof value === 'string' ? value : value instanceof Date ? value.toISOString() : JSON.stringify(value);
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Reads Postgres's text form of an array, nested ones included; an unquoted NULL is null. */
export function parseArray(text: string, read: Read): unknown[] {
  let at = text.indexOf('{');
  const list = (): unknown[] => {
    const items: unknown[] = [];
    at += 1;
    while (at < text.length && text[at] !== '}') {
      if (text[at] === ',') at += 1;
      items.push(text[at] === '{' ? list() : text[at] === '"' ? read(quoted()) : bare());
    }
    at += 1;
    return items;
  };
  const quoted = (): string => {
    let value = '';
    for (at += 1; at < text.length && text[at] !== '"'; at++) {
      if (text[at] === '\\') at += 1;
      value += text[at];
    }
    at += 1;
    return value;
  };
  const bare = (): unknown => {
    const start = at;
    while (at < text.length && text[at] !== ',' && text[at] !== '}') at += 1;
    const value = text.slice(start, at);
    return value === 'NULL' ? null : read(value);
  };
  return list();
}
