/** The line on top of the page: how it is. */
import type { BreakerHistory, JobStatus, PlatformHistory, RunRow } from '#db/history.ts';
import { isComplete, type Shape } from './states.ts';
import { inWords, listed } from './words.ts';

/** A sentence in parts: words, and moments to be shown as times. */
export interface Verdict {
  shape: Shape;
  parts: (string | Date)[];
}

/** Says how it is from each platform's newest finished job; `runs` are the newest runs, `breakers` who is left alone. */
export function verdict(
  platforms: readonly PlatformHistory[],
  runs: readonly RunRow[],
  breakers: readonly BreakerHistory[],
): Verdict {
  if (runs.length === 0) return { shape: 'pending', parts: ['No run yet: type /scrape now'] };
  if (platforms.length === 0) return { shape: 'running', parts: ['The first run is under way'] };
  const good = platforms.filter(isComplete);
  const broken = platforms.filter((platform) => !isComplete(platform));
  const parts = broken.length === 0 ? allGood(platforms) : somethingBroken(broken, good, breakers);
  return { shape: shapeOf(good, broken), parts };
}

/** How a platform is broken: left alone, or as its newest job ended. */
type Broken = JobStatus | 'left_alone';

/** What goes on since a moment; the others happened at one. */
const lasting = new Set<Broken>(['failed', 'partial', 'left_alone']);

const unfinished = new Set<JobStatus>(['pending', 'running', 'waiting']);

/** The runs that are under way, as sentences without their end. */
export function underWay(runs: readonly RunRow[]): { run: number; text: string; since: Date | null }[] {
  return runs
    .filter((run) => run.finishedAt === null)
    .map((run) => {
      const open = run.jobs.filter(({ status }) => unfinished.has(status)).map((job) => job.platform);
      const scrape = run.backfill === null ? 'scrape' : `backfill ${run.backfill} of`;
      const scraping = run.backfill === null ? 'scraping' : `backfilling ${run.backfill} of`;
      const doing =
        run.startedAt === null ? `is about to ${scrape}` : run.retryOf === null ? `is ${scraping}` : 'is retrying';
      return {
        run: run.id,
        text: ` ${doing} ${listed(open.length === 0 ? run.platforms : open)}`,
        since: run.startedAt,
      };
    });
}

function shapeOf(good: readonly PlatformHistory[], broken: readonly PlatformHistory[]): Shape {
  if (broken.length === 0) return 'done';
  if (broken.every(({ status }) => status === 'cancelled')) return 'cancelled';
  return good.length > 0 || broken.some(({ status }) => status === 'partial') ? 'part' : 'failed';
}

function allGood(platforms: readonly PlatformHistory[]): (string | Date)[] {
  const [only] = platforms;
  if (platforms.length === 1 && only) return [`${only.platform} delivered at `, only.finishedAt];
  return [`${everyOne(platforms.length)} delivered${at(platforms)}`, newest(platforms)];
}

function somethingBroken(
  broken: readonly PlatformHistory[],
  good: readonly PlatformHistory[],
  breakers: readonly BreakerHistory[],
): (string | Date)[] {
  const parts = brokenParts(broken, good.length === 0, breakers);
  if (good.length === 1) parts.push(`; ${good[0]?.platform} is fine`);
  if (good.length > 1) parts.push('; the others are fine');
  return parts;
}

function brokenParts(
  broken: readonly PlatformHistory[],
  all: boolean,
  breakers: readonly BreakerHistory[],
): (string | Date)[] {
  const left = new Map(breakers.map(({ platform, sinceAt }) => [platform, sinceAt]));
  const groups = new Map<Broken, PlatformHistory[]>();
  for (const platform of broken) {
    const how = left.has(platform.platform) ? 'left_alone' : platform.status;
    groups.set(how, [...(groups.get(how) ?? []), platform]);
  }
  const clauses = [...groups].map(([how, group]) => {
    const who = all && groups.size === 1 && group.length > 1 ? everyOne(group.length) : names(group);
    return `${who} ${verb(how, group.length)}`;
  });
  if (groups.size > 1) return [listed(clauses)];
  const [how = 'failed'] = groups.keys();
  if (!lasting.has(how)) return [`${clauses.join('')}${at(broken)}`, newest(broken)];
  const since = broken.map((platform) => left.get(platform.platform) ?? platform.sinceAt ?? platform.finishedAt);
  const first = new Date(Math.min(...since.map((moment) => moment.getTime())));
  return [`${clauses.join('')} ${sameMinute(since) ? 'since' : ', the first since'} `.replace(' ,', ','), first];
}

function names(group: readonly PlatformHistory[]): string {
  return listed(group.map(({ platform }) => platform));
}

function everyOne(count: number): string {
  return count === 2 ? 'Both platforms' : `All ${inWords(count)} platforms`;
}

function verb(how: Broken, count: number): string {
  const be = count === 1 ? 'was' : 'were';
  switch (how) {
    case 'left_alone':
      return count === 1 ? 'is left alone' : 'are left alone';
    case 'failed':
      return count === 1 ? 'fails' : 'fail';
    case 'partial':
      return count === 1 ? 'delivers only a part' : 'deliver only a part';
    case 'skipped':
      return `${be} not started`;
    case 'cancelled':
      return `${be} cancelled`;
    case 'completed':
      return 'delivered';
    case 'pending':
    case 'running':
    case 'waiting':
      return be === 'was' ? 'is under way' : 'are under way';
  }
}

/** One moment for all, or the last of several: platforms of one run rarely finish within the same minute. */
function at(group: readonly PlatformHistory[]): string {
  return sameMinute(group.map(({ finishedAt }) => finishedAt)) ? ' at ' : ', the last at ';
}

function sameMinute(moments: readonly Date[]): boolean {
  return new Set(moments.map((moment) => Math.floor(moment.getTime() / 60_000))).size === 1;
}

function newest(group: readonly PlatformHistory[]): Date {
  return new Date(Math.max(...group.map(({ finishedAt }) => finishedAt.getTime())));
}
