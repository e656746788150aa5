/** What a step is given to work with: its site, watched, so that an answer which turns out to be unusable can be kept. */
import type { FailureKind } from './errors.ts';
import { type Evidence, evidenceOf, watchHttp } from './evidence.ts';
import type { Answer, DisposableHttp } from './http.ts';
import type { ScrapeContext, Site } from './platform.ts';

/** The site of one item, or of a whole step, and the way to keep what it answered. */
export interface WatchedSite {
  site: Site;
  /** Keeps the answer got last; does nothing when there was none or enough are kept. */
  keep(why: Evidence['why']): Promise<void>;
  /** Keeps it when the step asked for that. */
  keepIncomplete(): Promise<void>;
}

/** Answers kept of one attempt. Four hundred pages that drifted alike tell no more than the first few. */
const mostKept = { failed: 20, incomplete: 500 };

/** Counts what an attempt has kept. */
export interface Keeping {
  failed: number;
  incomplete: number;
}

/** Gone is an answer: there is nothing to repair. */
const notKept: ReadonlySet<FailureKind | 'incomplete'> = new Set(['not_found', 'cancelled']);

/** Makes the site of a step or of one of its items. */
export function watchSite(
  rest: Omit<Site, 'http' | 'keepAnswer'>,
  about: { http: DisposableHttp; context: ScrapeContext; keeping: Keeping; step: string; itemKey: string | null },
): WatchedSite {
  const { context, keeping, step, itemKey } = about;
  const { http, lastAnswer } = watchHttp(about.http);
  let wanted = false;
  // A step that reports something goes on asking: what it got before it did is what tells of the failure.
  let suspect: Answer | null = null;

  async function keep(why: Evidence['why']): Promise<void> {
    const answer = suspect ?? lastAnswer();
    const group = why === 'incomplete' ? 'incomplete' : 'failed';
    if (answer === null || notKept.has(why) || keeping[group] >= mostKept[group]) return;
    keeping[group] += 1;
    await context.keep(await evidenceOf(answer, { step, itemKey, why, at: rest.now() }));
  }

  return {
    site: {
      ...rest,
      http,
      report(error, what) {
        suspect ??= lastAnswer();
        rest.report(error, what);
      },
      keepAnswer: () => void (wanted = true),
    },
    keep,
    keepIncomplete: async () => {
      if (wanted) await keep('incomplete');
    },
  };
}
