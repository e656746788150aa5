/** The last border before people: what comes from a site is made one harmless line. */

/** Direction marks, zero-width characters and controls: they can make a line read as something it is not. */
const deceptive = /[\p{Cc}\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

/** Longest text of a site in a message, in code points. */
export const QUOTE_LIMIT = 300;

/** Most of a text that is looked at, in UTF-16 units: folding blanks may not take for ever. */
const READ_LIMIT = 32_768;

/** One visible line of at most `limit` code points: blanks folded, controls and deceptive characters dropped. */
export function oneLine(text: string, limit = QUOTE_LIMIT): string {
  const folded = text.slice(0, READ_LIMIT).toWellFormed().replace(/\s+/gu, ' ').replace(deceptive, '').trim();
  const points = Array.from(folded);
  return points.length <= limit ? folded : `${points.slice(0, limit - 1).join('')}…`;
}
