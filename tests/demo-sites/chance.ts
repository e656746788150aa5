/** Chance that is the same on every run: it depends on the seed and on what it is about, never on the order of calls. */

/** A number in [0, 1) for these words, evenly spread (FNV-1a with murmur3's finish). */
export function chanceOf(seed: number, ...words: (string | number)[]): number {
  let hash = 2166136261 ^ seed;
  for (const character of words.join('\u0000')) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
