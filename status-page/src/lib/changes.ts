/** What the feeds tell: platforms that stop delivering, are left alone, and deliver again, and notes. */
import type { LiveFacts, Site } from '#db/history.ts';
import { counted, kindWords, oneLine } from './words.ts';

/** One entry of a feed; `id` never changes. */
export interface Change {
  id: string;
  title: string;
  text: string;
  /** From the site's address on. */
  path: string;
  at: Date;
}

/** How many entries a feed holds. */
const ENTRIES = 40;

/** Newest first; of one platform, or of all. */
export function changesOf(live: LiveFacts, site: Site, platform?: string): Change[] {
  const turns = live.turns
    .filter((turn) => platform === undefined || turn.platform === platform)
    .map((turn): Change => {
      const broke = turn.status === 'partial' ? 'delivered only a part' : 'failed';
      const kind = turn.failureKind === null || turn.good ? '' : `: ${kindWords(turn.failureKind)}`;
      const title = turn.good ? `${turn.platform} delivers` : `${turn.platform} ${broke}${kind}`;
      return {
        id: `urn:rescrape:turn:${turn.platform}:${turn.runId}:${turn.good ? 'good' : 'bad'}`,
        title,
        text: `${title}, seen in run ${turn.runId}.`,
        path: `runs/${turn.runId}/`,
        at: turn.at,
      };
    });
  const leftAlone = live.breakers
    .filter((breaker) => platform === undefined || breaker.platform === platform)
    .map((breaker): Change => {
      const failures = `${counted(breaker.failures, 'failure')} in a row, the last as ${kindWords(breaker.failureKind)}`;
      return {
        id: `urn:rescrape:left-alone:${breaker.platform}:${breaker.runId}`,
        title: `${breaker.platform} is left alone`,
        text: `${breaker.platform} is left alone after ${failures} in run ${breaker.runId}.`,
        path: `platforms/${breaker.platform}/`,
        at: breaker.sinceAt,
      };
    });
  const notes = live.notes
    .filter((note) => note.startsAt <= site.generatedAt && (platform === undefined || note.text.includes(platform)))
    .map((note): Change => {
      const text = oneLine(note.text);
      return { id: `urn:rescrape:note:${note.id}`, title: `Note: ${text}`, text, path: '', at: note.startsAt };
    });
  return [...turns, ...leftAlone, ...notes].toSorted((a, b) => b.at.getTime() - a.at.getTime()).slice(0, ENTRIES);
}
