/** The border for wild text: what passes here can be stored, shown and sent on without breaking anything. */

const unwanted = /[^\P{Cc}\n\t]/u;
const everyUnwanted = new RegExp(unwanted, 'gu');

/** Postgres refuses NUL, JSON columns refuse lone surrogates, terminals obey control characters: none of them gets past this. */
export function wellFormed(text: string): string {
  const whole = text.toWellFormed();
  if (!unwanted.test(whole)) return whole;
  return whole.replaceAll('\0', '\uFFFD').replace(everyUnwanted, '');
}

/** Wild text for a place of limited size: {@link wellFormed}, then at most `maxBytes` of UTF-8, never cut inside a character. */
export function fromWild(text: string, maxBytes: number): string {
  const whole = wellFormed(text);
  const { read } = new TextEncoder().encodeInto(whole, new Uint8Array(maxBytes));
  return whole.slice(0, read);
}

/** {@link wellFormed} for every string and key inside parsed JSON, in place: `\u0000` and `\ud800` only come to life by parsing. */
export function wellFormedJson(value: unknown): unknown {
  const root: Record<string, unknown> = { value };
  // A list of its own instead of recursion: nesting is up to the site, the call stack is not.
  const open: object[] = [root];
  for (let holder = open.pop(); holder; holder = open.pop()) {
    for (const [key, inner] of Object.entries(holder)) {
      const goodKey = wellFormed(key);
      const good: unknown = typeof inner === 'string' ? wellFormed(inner) : inner;
      if (goodKey !== key) Reflect.deleteProperty(holder, key);
      if (goodKey !== key || good !== inner) {
        // Defined, not assigned: the key may be `__proto__`.
        Object.defineProperty(holder, goodKey, { value: good, writable: true, enumerable: true, configurable: true });
      }
      if (typeof good === 'object' && good !== null) open.push(good);
    }
  }
  return root.value;
}
