/** A run that lost its connection, told in two lines: what was not started, and what is scraped again. */
import type { Chain, JobFacts, RunFacts } from '#bot/runs/run.ts';
import { message, type Message } from './message.ts';
import type { Telling } from './platform-words.ts';
import { retryButton } from './retry-words.ts';
import { listed, surfaceName, timeOrDay } from './wording.ts';

/** Whether a platform was left out because nobody could see its run. */
export function isLost(job: JobFacts): boolean {
  return job.status === 'skipped' && job.failureKind === 'connection_lost';
}

/** What was not started, and since when nobody could see the run; null for a run that left nothing out. */
export function lostPost(chain: Chain, run: RunFacts, telling: Telling): Message | null {
  const lost = run.jobs.filter(isLost);
  if (lost.length === 0) return null;
  const names = listed(lost.map((job) => job.platform));
  const were = lost.length === 1 ? 'was' : 'were';
  const home = surfaceName(run.homeSurface ?? '');
  const since = run.lostSince === null ? '' : ` since ${timeOrDay(run.lostSince, telling)}`;
  const again = chain.runs.some((one) => one.rescrapeOf === run.id);
  return message('warning', `Connection lost: ${home} was out of reach${since}, so ${names} ${were} not started`, {
    // Once it is scraped again, the line about that stands where the buttons stood.
    buttons: again ? [] : lost.map((job) => retryButton(chain, job, telling)).filter((one) => one !== null),
    footer:
      again || run.finishedAt === null
        ? null
        : `Once ${home} is back, ${lost.length === 1 ? 'it is' : 'they are'} scraped without anybody asking.`,
  });
}

/** The title of a re-scrape's card. */
export function rescrapeTitle(run: RunFacts): string {
  const named = listed(run.platforms);
  const home = surfaceName(run.homeSurface ?? '');
  if (run.cancelledBy !== null) {
    return `Run ${run.id}, which scraped ${named} again, was cancelled by ${run.cancelledBy.name}`;
  }
  return run.finishedAt === null
    ? `${home} is back: run ${run.id} scrapes ${named}`
    : `${home} was back: run ${run.id} scraped ${named}`;
}

/** ` after scraping again`, ` after 2 retries`, ` after scraping again and 1 retry`; with the path, and as far as it is. */
export function continuedSuffix(chain: Chain): string {
  const later = chain.runs.slice(1);
  if (later.length === 0) return '';
  const retries = later.filter((run) => run.retryOf !== null).length;
  const again = later.length > retries ? ['scraping again'] : [];
  const counted = retries === 0 ? [] : [retries === 1 ? '1 retry' : `${retries} retries`];
  const open = later.find((run) => run.finishedAt === null);
  const doing = open?.rescrapeOf === null ? 'retrying' : 'scraping again';
  const so = open === undefined ? `after ${listed([...again, ...counted])}` : `while ${doing}`;
  return ` ${so} (${chain.runs.map((run) => run.id).join(' → ')})`;
}
