/** Which lines of a message are shown when not all of them fit: what broke comes first. */
import type { Tone } from '#bot/chat/message.ts';

/** What is shown rather than left out, most important first. */
const ranks: Record<Tone, number> = { bad: 0, warning: 1, running: 2, quiet: 3, good: 4 };

/** Chooses lines whose texts, with a line break each, fit into `room` characters. Their order stays. */
export function chooseLines<Row extends { text: string; tone: Tone }>(
  rows: readonly Row[],
  room: number,
): { chosen: Row[]; left: number } {
  const fitting = new Set<Row>();
  let free = room;
  for (const row of rows.toSorted((a, b) => ranks[a.tone] - ranks[b.tone])) {
    if (row.text.length + 1 > free) continue;
    free -= row.text.length + 1;
    fitting.add(row);
  }
  const chosen = rows.filter((row) => fitting.has(row));
  return { chosen, left: rows.length - chosen.length };
}
