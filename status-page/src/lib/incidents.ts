/** When a platform did not deliver, out of its turns. */
import type { Turn } from '#db/history.ts';

/** From the first bad run until the first good one after it; `end` is null while it goes on. */
export interface Incident {
  platform: string;
  start: Turn;
  end: Turn | null;
}

/** Newest first. Turns come newest first as well. */
export function incidentsOf(turns: readonly Turn[]): Incident[] {
  const incidents: Incident[] = [];
  const next = new Map<string, Turn>();
  for (const turn of turns) {
    const later = next.get(turn.platform) ?? null;
    if (!turn.good) incidents.push({ platform: turn.platform, start: turn, end: later });
    next.set(turn.platform, turn);
  }
  return incidents;
}
