/**
 * The word to whoever started a run that ended badly. It is a reply of its own at the end of the thread, told once and
 * never edited into something that pings: cards are edited all the time, and an edit reaches nobody.
 */
import { loudJobs } from '#bot/runs/mute.ts';
import type { Chain, JobFacts, Person, RunFacts } from '#bot/runs/run.ts';
import { decisiveFirst } from './failure-words.ts';
import { message, type Message } from './message.ts';
import type { Telling } from './platform-words.ts';
import { listed } from './wording.ts';

/** Platforms named one by one; more are counted. */
const NAMED = 5;

/** Whoever is told personally how a run ended; null for what no person started, and where nobody is to be pinged. */
export function starterOf(run: RunFacts, telling: Telling): Person | null {
  const bySchedule = run.trigger.startsWith('schedule:');
  return telling.courtesies.mentionStarter && !bySchedule ? run.requestedBy : null;
}

/**
 * The reply that pings; null while the run works, when it went well, and when all that broke is muted or was cancelled. Who
 * started what lost its connection hears of its re-scrape, should that end badly.
 */
export function mentionPost(chain: Chain, run: RunFacts, telling: Telling): Message | null {
  const starter = starterOf(run, telling);
  const bad = run.status === 'partial' || run.status === 'failed';
  if (starter === null || !bad || run.cancelledBy !== null) return null;
  const loud = loudJobs(run, chain.mutes);
  if (loud.length === 0) return null;
  const tone = run.status === 'failed' ? 'bad' : 'warning';
  return message(tone, `${endWords(run)}: ${whatBroke(loud)}`, {
    mention: starter,
    lines: [{ tone: 'quiet', name: '', text: whatNow(run) }],
  });
}

/** Where to look, without saying what can be pressed there: that changes, and this is told once. */
function whatNow({ jobs }: RunFacts): string {
  if (jobs.length === 1) return 'What can be done about it stands above.';
  const complete = jobs.filter((job) => job.status === 'completed').length;
  if (complete === 0) return 'No platform is complete; what can be done about it stands above.';
  return `${complete}/${jobs.length} platforms are complete; what can be done about the rest stands above.`;
}

function endWords(run: RunFacts): string {
  const backfills = run.jobs.some((job) => job.backfill !== null);
  const first = backfills ? `Your backfill, run ${run.id},` : `Your run ${run.id}`;
  const again = run.rescrapeOf === null ? first : `Your run ${run.rescrapeOf}, scraped again as run ${run.id},`;
  const yours = run.retryOf === null ? again : `Your retry, run ${run.id},`;
  return run.status === 'partial' ? `${yours} is partly done` : `${yours} failed`;
}

function whatBroke(jobs: readonly JobFacts[]): string {
  const [only, ...others] = jobs;
  if (only !== undefined && others.length === 0) {
    return decisiveFirst(only)[0]?.headline ?? `${only.platform} is not complete`;
  }
  const names = jobs.slice(0, NAMED).map((job) => job.platform);
  const more = jobs.length > NAMED ? [`${jobs.length - NAMED} more`] : [];
  return `${listed([...names, ...more])} are not complete`;
}
