/** What a step counted, in words: what came of it, and what was left out on purpose. */
import { counted } from './words.ts';

/** Our own counters by name; what is not named here is for the database alone. */
const came: Readonly<Record<string, (count: number) => string>> = {
  prices: (count) => counted(count, 'price'),
  requests: (count) => counted(count, 'request'),
  retries: (count) => `${counted(count, 'request')} sent again`,
  redirects: (count) => `${counted(count, 'redirect')} followed`,
};

const leftOut: Readonly<Record<string, (count: number) => string>> = {
  notOffered: (count) => `${counted(count, 'outcome')} not on offer`,
  unknownMarket: (count) => `${counted(count, 'market')} that we do not collect`,
  unreadMarket: (count) => `${counted(count, 'market')} that could not be read`,
  otherSport: (count) => `${counted(count, 'event')} of another sport`,
  layoutProblems: (count) => `${counted(count, 'page')} with something missing`,
};

/** `12,034 prices, 49 requests; left out: 310 outcomes not on offer`; null when nothing was counted. */
export function countWords(counts: Readonly<Record<string, number>>): string | null {
  const wordsOf = (names: typeof came) =>
    Object.entries(names).flatMap(([name, words]) => (counts[name] ? [words(counts[name])] : []));
  const out = wordsOf(leftOut);
  const parts = [wordsOf(came).join(', '), out.length === 0 ? '' : `left out: ${out.join(', ')}`];
  return parts.filter(Boolean).join('; ') || null;
}
