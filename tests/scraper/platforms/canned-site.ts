/** A site whose answers are given, for steps whose order of questions is what matters. */
import type { Ask } from '#scraper/http.ts';
import type { Site } from '#scraper/platform.ts';
import type { WorkItemSeed } from '#scraper/result.ts';

/** The site, and what a step did with it. */
export interface CannedSite {
  site: Site;
  asked: Ask[];
  counts: Record<string, number>;
  reports: { error: unknown; what: string | undefined }[];
  notes: string[];
  remarks: string[];
}

/** Answers each JSON question with what `answer` returns; what it throws is thrown to the step. */
export function cannedSite(answer: (ask: Ask, index: number) => unknown): CannedSite {
  const asked: Ask[] = [];
  const counts: Record<string, number> = {};
  const reports: CannedSite['reports'] = [];
  const notes: string[] = [];
  const remarks: string[] = [];
  const site: Site = {
    country: 'ng',
    signal: new AbortController().signal,
    now: () => new Date('2026-12-05T09:00:00Z'),
    count: (name, by = 1) => {
      counts[name] = (counts[name] ?? 0) + by;
    },
    files: { keep: () => Promise.reject(new Error('no platform under test keeps files')) },
    due: async () => [],
    keptAnswer: async () => null,
    keepAnswer: () => {},
    report: (error, what) => reports.push({ error, what }),
    note: ({ message }) => notes.push(message),
    remark: (text) => remarks.push(text),
    http: {
      json: async (ask) => {
        asked.push(ask);
        return answer(ask, asked.length - 1);
      },
      text: () => Promise.reject(new Error('no platform under test asks for text')),
      bytes: () => Promise.reject(new Error('no platform under test asks for files')),
    },
  };
  return { site, asked, counts, reports, notes, remarks };
}

/** Everything a discover step finds, batch by batch. */
export async function collect(batches: AsyncIterable<WorkItemSeed[]>): Promise<WorkItemSeed[][]> {
  const found: WorkItemSeed[][] = [];
  for await (const batch of batches) found.push(batch);
  return found;
}
