/** What broke several platforms at once, in words: told once, in one place, with what is done about it. */
import { causeOf, waitsFor } from '#bot/runs/common-cause.ts';
import {
  isComplete,
  isFinished,
  itemsKept,
  type Chain,
  type CommonCause,
  type JobFacts,
  type RunFacts,
} from '#bot/runs/run.ts';
import { decisiveFirst, exactly } from './failure-words.ts';
import { oneLine } from './escape.ts';
import { amounts } from './job-lines.ts';
import { message, type Button, type Line, type Message } from './message.ts';
import type { Telling } from './platform-words.ts';
import { retryAll, retryButton } from './retry-words.ts';
import { ageWords, clock, listed, timeOrDay } from './wording.ts';

/** Platforms named one by one; more are counted. */
const NAMED = 5;
/** So many results of retries have room in the place of their buttons. */
const NOTED = 3;

/** Whether a platform's end is told with the common cause, not by a post of its own; what had ended before has one. */
export function isToldTogether(job: JobFacts, chain: Pick<Chain, 'causes'>): boolean {
  const cause = causeOf(job, chain.causes);
  return cause !== null && isFinished(job) && job.failedAt !== null && job.failedAt >= cause.openedAt;
}

/** Where that is told. */
export function causeSlot(job: JobFacts, chain: Pick<Chain, 'causes'>): string | null {
  const cause = causeOf(job, chain.causes);
  return cause === null ? null : `cause:${cause.id}`;
}

/** The line that leads from a platform's own post, which was there before, to the common one. */
export function commonCauseLine(job: JobFacts, chain: Pick<Chain, 'causes'>): Line[] {
  const cause = causeOf(job, chain.causes);
  if (cause === null) return [];
  const others = cause.platforms.filter((platform) => platform !== job.platform);
  return [{ tone: 'quiet', name: '', text: `${named(others)} failed in the same way: more about that below` }];
}

/** The posts of a run about common causes, by slot: those that broke it, and those that it ended. */
export function causePosts(run: RunFacts, chain: Chain, telling: Telling): { slot: string; text: Message }[] {
  return chain.causes.flatMap((cause) => {
    const hit = run.jobs.filter((job) => causeOf(job, [cause]) !== null);
    if (hit[0] !== undefined) return [{ slot: `cause:${cause.id}`, text: causePost(cause, hit, run, chain, telling) }];
    return cause.closedRun === run.id ? [{ slot: `over:${cause.id}`, text: overPost(cause) }] : [];
  });
}

/** Whether the end of a common cause says already that a platform works again. */
export function isSaidByCause({ platform }: JobFacts, run: RunFacts, { causes }: Pick<Chain, 'causes'>): boolean {
  return causes.some((cause) => cause.closedRun === run.id && cause.platforms.includes(platform));
}

function causePost(
  cause: CommonCause,
  hit: readonly JobFacts[],
  run: RunFacts,
  chain: Chain,
  telling: Telling,
): Message {
  const { is, was, lies } = wordsOf(cause.fingerprint);
  const first = hit.find((job) => decisiveFirst(job).length > 0);
  const [failure] = first === undefined ? [] : decisiveFirst(first);
  const who = named(cause.openedRun === run.id ? cause.platforms : hit.map((job) => job.platform));
  const still = cause.openedRun === run.id ? '' : ' still';
  const since = cause.openedRun === run.id ? '' : `, since ${timeOrDay(cause.since, telling)}`;
  const over = cause.closedAt !== null;
  const title = over
    ? `${who} ${was} until ${timeOrDay(cause.closedAt ?? telling.now, telling)} (run ${cause.closedRun}): that was most likely ${lies}`
    : `${who}${still} ${is}${since}: that is most likely ${lies}`;
  return message(over ? 'quiet' : 'bad', title, {
    lines: [...keptLines(hit, telling), ...planLines(cause, run, chain, telling)],
    quote: first === undefined || failure === undefined ? null : oneLine(exactly(first, failure)),
    buttons: causeButtons(hit, run, chain, telling),
  });
}

/** `31 of 48 events`, for those that had delivered some before. */
function keptLines(hit: readonly JobFacts[], telling: Telling): Line[] {
  return hit
    .filter((job) => !isComplete(job) && itemsKept(job) > 0)
    .map((job) => ({ tone: 'quiet', name: job.platform, text: `${amounts(job, telling)} are stored` }));
}

/** Who is tried first and who waits for it; or, when all came to their end, what the next run does. */
function planLines(cause: CommonCause, run: RunFacts, chain: Chain, telling: Telling): Line[] {
  if (cause.closedAt !== null) return [];
  const quiet = (text: string): Line[] => [{ tone: 'quiet', name: '', text }];
  const concerned = run.jobs.filter((job) => cause.platforms.includes(job.platform));
  if (concerned.every(isFinished)) {
    const attempts = Math.max(...concerned.map((job) => job.attempt));
    const made = attempts > 1 ? `${attempts} attempts were made. ` : '';
    return quiet(`${made}The next run tries one of them first, then the others.`);
  }
  const waiting = concerned.filter((job) => waitsFor(job, chain) !== null);
  const first = concerned.find((job) => !isFinished(job) && !waiting.includes(job));
  // Once one came to its end they are all tried, as their lines on the card say.
  if (first === undefined || concerned.some(isFinished)) return [];
  const next =
    first.nextAttemptAt === null
      ? 'now'
      : `at ${clock(first.nextAttemptAt, telling.timeZone)} (attempt ${first.attempt + 1} of ${telling.attempts(first.failureKind)})`;
  const others = waiting.map((job) => job.platform);
  const wait = others.length === 0 ? '' : ` ${named(others)} ${others.length === 1 ? 'waits' : 'wait'} for it.`;
  return quiet(`Tried first: ${first.platform}, ${next}.${wait}`);
}

function causeButtons(hit: readonly JobFacts[], run: RunFacts, chain: Chain, telling: Telling): Button[] {
  const broken = hit.filter((job) => isToldTogether(job, chain));
  const all = run.id === chain.rootId && broken.length > 1 ? retryAll(chain, telling) : [];
  if (all.length > 0) return all;
  return broken.slice(0, NOTED).flatMap((job) => retryButton(chain, job, telling) ?? []);
}

function overPost({ platforms, fingerprint, since, closedAt, openedRun }: CommonCause): Message {
  const after = ageWords((closedAt?.getTime() ?? since.getTime()) - since.getTime());
  const { over } = wordsOf(fingerprint);
  return message('good', `${named(platforms)} ${over} again after ${after}: it began in run ${openedRun}`);
}

function named(platforms: readonly string[]): string {
  if (platforms.length <= NAMED) return listed(platforms);
  return listed([...platforms.slice(0, NAMED - 1), `${platforms.length - NAMED + 1} more`]);
}

/** What a fingerprint means for people: what happens, what happened, what it is like when it is over, where it lies. */
function wordsOf(fingerprint: string): { is: string; was: string; over: string; lies: string } {
  switch (fingerprint) {
    case 'connection':
      return reached('', 'our network or proxy, not the sites');
    case 'proxy':
      return reached(' through the proxy', 'the proxy, not the sites');
    case 'certificate':
      return reached(' safely (certificates nobody knows)', 'our network or our clock, not the sites');
    case 'blocked':
      return {
        is: 'block us',
        was: 'blocked us',
        over: 'let us in',
        lies: 'our address or proxy, not one of the sites',
      };
    default: {
      const what = `with ${fingerprint}`;
      const lies = 'something between us and them, not the sites';
      return { is: `answer ${what}`, was: `answered ${what}`, over: 'answer as usual', lies };
    }
  }
}

function reached(how: string, lies: string): ReturnType<typeof wordsOf> {
  return { is: `cannot be reached${how}`, was: `could not be reached${how}`, over: 'can be reached', lies };
}
