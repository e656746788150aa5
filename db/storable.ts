/** Values on their way to and from rows: text that Postgres takes, and times that both sides compare as numbers. */

/** Seconds since 1970: what both sides can compare as numbers. */
export function secondsOf(iso: string): number {
  return Date.parse(iso) / 1000;
}

/** Postgres takes neither NUL nor half a surrogate pair; one bad letter must not cost a whole batch. */
export function storable(text: string): string {
  return text.isWellFormed() && !text.includes('\0') ? text : text.toWellFormed().replaceAll('\0', '\ufffd');
}

/** {@link storable} for what may be absent. */
export function storableOrNull(text: string | null): string | null {
  return text === null ? null : storable(text);
}
