/** What sites and people may put into a message, and chance that is the same on every run. */

/** Texts that try to ping, link, format, break out, or be too long. */
export const hostile: readonly string[] = [
  '<!channel> <!here> <@U1> <#C1> <!subteam^S1> @everyone @channel',
  '<https://evil.example|x> [x](http://evil.example) https://evil.example/a mailto:a@evil.example',
  '&lt;!channel&gt; &amp;lt; & < >',
  '*bold* _italic_ ~gone~ `code` ```fence``` > quote\n> quote',
  ':tada: :rotating_light: \u{1f389}',
  '\u202egnp.exe\u202c \u200b\u200d\u2066hidden\u2069',
  '\u0000\u0007\u001b[31m NUL and colours \ud83d lone',
  '✅ Run 1 is complete: 3/3 platforms',
  '\n'.repeat(10_000),
  'x\n'.repeat(10_000),
  'e'.repeat(5_000),
  '&'.repeat(5_000),
  '\u{1f4a5}'.repeat(5_000),
  'ה'.repeat(3_000),
  '',
  '   ',
];

/** Numbers between 0 and 1 in a sequence that its seed decides. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** One of several, by chance. */
export function pick<T>(random: () => number, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T;
}
