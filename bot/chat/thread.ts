/** The posts a chain should have: its card, and under it what each platform delivered and what broke. */
import { isDoubtful } from '#bot/runs/accept.ts';
import { loudJobs } from '#bot/runs/mute.ts';
import { isNews } from '#bot/runs/streak.ts';
import { isFinished, itemsKept, type Chain, type JobFacts, type RunFacts } from '#bot/runs/run.ts';
import { acceptButton, acceptedWords } from './accept-words.ts';
import { adviceLine } from './advice-words.ts';
import { batchWords } from './backfill-words.ts';
import { breakerPosts, isLeftAlone, leftAloneWords } from './breaker-words.ts';
import { cancelledPost } from './cancel-words.ts';
import { causePosts, causeSlot, commonCauseLine, isSaidByCause, isToldTogether } from './cause-words.ts';
import { retryCard, rootCard } from './cards.ts';
import { oneLine } from './escape.ts';
import { decisiveFirst, exactly, itSays, kindWords } from './failure-words.ts';
import { filePost } from './file-words.ts';
import { jobLine, jobTone } from './job-lines.ts';
import { mentionPost } from './mention.ts';
import { isLost, lostPost } from './lost-words.ts';
import { message, type Button, type DesiredPost, type Line, type Message } from './message.ts';
import { muteButton, muteEnded } from './mute-words.ts';
import { nounOf, type Noun, type Telling } from './platform-words.ts';
import { retryButton } from './retry-words.ts';
import { recoveredLine, streakSuffix, worksAgain } from './streak-words.ts';
import { counted, sentence } from './wording.ts';

/** What broke longer ago is told in its thread only, milliseconds. */
const NEWS_MS = 3_600_000;

/** Derives every post of a chain from its facts, in the order of the thread. Pure: no memory of what was said. */
export function threadOf(chain: Chain, telling: Telling): DesiredPost[] {
  return chain.runs.flatMap((run) => {
    const isRoot = run.id === chain.rootId;
    const card = isRoot ? rootCard(chain, telling) : retryCard(run, chain, telling);
    const ended = toldJobs(run, isRoot, telling);
    const told = ended.filter((job) => !isToldTogether(job, chain));
    const news = firstNews(chain, run, ended, telling.now);
    const together = news !== undefined && isToldTogether(news, chain) ? causeSlot(news, chain) : null;
    const reply = (slot: string, text: Message | null, more: Partial<DesiredPost> = {}): DesiredPost[] =>
      text === null ? [] : [{ runId: run.id, slot, threadOf: chain.rootId, onlyOn: null, message: text, ...more }];
    return [
      { runId: run.id, slot: 'card', threadOf: isRoot ? null : chain.rootId, onlyOn: null, message: card },
      ...told.flatMap((job) => reply(`job:${job.platform}`, jobPost(chain, job, telling), { announce: job === news })),
      ...run.jobs.flatMap((job) => reply(`up:${job.platform}`, saysAlone(run, chain, job) ? worksAgain(job) : null)),
      ...muteEnded(run, chain.mutes, telling).flatMap(({ platform, text }) => reply(`works:${platform}`, text)),
      ...run.files.flatMap((file) => reply(`file:${file.id}`, filePost(run.id, file))),
      ...causePosts(run, chain, telling).flatMap(({ slot, text }) =>
        reply(slot, text, { announce: slot === together }),
      ),
      ...breakerPosts(run, chain, telling).flatMap(({ slot, text }) => reply(slot, text)),
      ...reply('lost', lostPost(chain, run, telling)),
      ...reply('cancelled', cancelledPost(chain, run, telling)),
      ...reply('mention', mentionPost(chain, run, telling), { onlyOn: run.requestedBy.surface }),
    ];
  });
}

/** Those of a chain's posts that are told in one channel: whoever is pinged is pinged once, where runs are at home. */
export function toldIn(channel: { surface: string; home: boolean }, posts: readonly DesiredPost[]): DesiredPost[] {
  return posts.flatMap((post) => {
    if (channel.home) return post.onlyOn === null || post.onlyOn === channel.surface ? [post] : [];
    return post.onlyOn === null ? [{ ...post, message: { ...post.message, mention: null } }] : [];
  });
}

/**
 * Finished jobs, first finished first. A retry run's card tells its successes already, so only what broke follows; what
 * somebody cancelled, or was left out, is told in one post of its own. Where success is told quietly, the card is enough for it.
 */
function toldJobs(run: RunFacts, isRoot: boolean, telling: Telling): JobFacts[] {
  const finished = run.jobs.filter(
    (job) => isFinished(job) && !isLost(job) && !(job.status === 'cancelled' && run.cancelledBy !== null),
  );
  const withSuccess = isRoot && telling.courtesies.onSuccess === 'thread';
  return finished
    .filter((job) => withSuccess || job.status !== 'completed')
    .toSorted((a, b) => (a.finishedAt?.getTime() ?? 0) - (b.finishedAt?.getTime() ?? 0) || a.id - b.id);
}

/**
 * The first platform that broke is worth the whole channel's attention: the run is bound to end badly. Not so in a retry,
 * or a re-scrape, which somebody waits for, not when it happened long ago, not for what is muted, and for what goes on
 * failing once in a while only.
 */
function firstNews(chain: Chain, run: RunFacts, told: readonly JobFacts[], now: Date): JobFacts | undefined {
  if (run.retryOf !== null || run.rescrapeOf !== null) return undefined;
  const loud = loudJobs(run, chain.mutes);
  const first = told.find((job) => loud.includes(job) && broke(job) && isNews(job));
  return now.getTime() - (first?.finishedAt?.getTime() ?? 0) < NEWS_MS ? first : undefined;
}

function broke(job: JobFacts): boolean {
  return job.status === 'partial' || job.status === 'failed';
}

/** Where a mute, a breaker or a common cause ends by the same success, that says it already. */
function saysAlone(run: RunFacts, chain: Chain, job: JobFacts): boolean {
  const { mutes, breakers } = chain;
  const { platform } = job;
  return (
    !isSaidByCause(job, run, chain) &&
    !mutes.some((mute) => mute.platform === platform && mute.endedRun === run.id) &&
    !breakers.some((term) => term.platform === platform && term.closedRun === run.id)
  );
}

function jobPost(chain: Chain, job: JobFacts, telling: Telling): Message {
  if (job.status === 'completed') {
    const delivered = job.backfill === null ? ' delivered' : ':';
    return message('good', `${job.platform}${delivered} ${jobLine(job, chain, telling).text}`);
  }
  const [first] = decisiveFirst(job);
  const lines = [...brokenLines(job, telling), ...commonCauseLine(job, chain), ...recoveredLine(job, telling)];
  const advice = retryButton(chain, job, telling)?.disabled === false ? adviceLine(job) : null;
  if (advice !== null) lines.push(advice);
  if (job.accepted !== null) lines.push({ tone: 'good', name: '', text: acceptedWords(job.accepted) });
  const mute = muteButton(chain, job, telling);
  return message(jobTone(job, chain.mutes), brokenTitle(chain, job, telling), {
    lines,
    // What is doubtful about a delivery is ours to say, and stands among the lines.
    quote: first === undefined || isDoubtful(job) ? null : oneLine(exactly(job, first)),
    buttons: [...jobButtons(chain, job, telling), ...(mute === null ? [] : [mute])],
  });
}

/** What can be done about a platform's result, or the notes that stand in the buttons' places. */
export function jobButtons(chain: Chain, job: JobFacts, telling: Telling): Button[] {
  const buttons = [retryButton(chain, job, telling), acceptButton(chain, job, telling)];
  return buttons.filter((button) => button !== null);
}

function brokenTitle(chain: Chain, job: JobFacts, telling: Telling): string {
  if (job.status === 'cancelled') return `${job.platform} was cancelled`;
  if (isLeftAlone(job)) return `${job.platform} was not started: it is ${leftAloneWords(job, chain, telling)}`;
  if (job.status === 'skipped') return `${job.platform} was not started: ${kindWords(job)}`;
  const [first] = decisiveFirst(job);
  const streak = streakSuffix(job, telling);
  if (first === undefined) return `${job.platform} broke${streak}`;
  if (isDoubtful(job)) return `${first.headline}${streak}`;
  return `${job.platform} broke in ${first.step}: ${itSays(job.platform, first.headline)}${streak}`;
}

function brokenLines(job: JobFacts, telling: Telling): Line[] {
  const words = telling.platform(job.platform);
  const { noun } = words;
  const batch = job.backfill === null ? [] : [sentence(batchWords(job.backfill.batch, noun))];
  const own = { step: job.itemStep, total: job.itemsTotal, stored: itemsKept(job), failed: job.itemsFailed };
  const lines = [own, ...job.further]
    .filter(({ total, stored }) => total > (isDoubtful(job) ? stored : 0))
    .map((items): Line => ({ tone: 'quiet', name: '', text: storedWords(items, nounOf(words, items.step)) }));
  // Where the items are the listings themselves, the batch says it all.
  if (batch.length > 0 && nounOf(words, job.itemStep) === noun) lines.length = 0;
  lines.unshift(...batch.map((text): Line => ({ tone: 'quiet', name: '', text })));
  const [first] = decisiveFirst(job);
  if (first !== undefined && isDoubtful(job)) {
    lines.unshift({ tone: 'quiet', name: '', text: sentence(oneLine(first.detail)) });
  }
  for (const failure of decisiveFirst(job).slice(1, 4)) {
    const times = failure.count === 1 ? 'once' : `${failure.count} times`;
    lines.push({
      tone: 'quiet',
      name: '',
      text: `Also, ${times} in ${failure.step}: ${itSays(job.platform, failure.headline)}`,
    });
  }
  if (job.attempt > 1) lines.push({ tone: 'quiet', name: '', text: sentence(`${job.attempt} attempts were made`) });
  return lines;
}

/** `31 of 48 events are stored, 17 missing (8 failed, 9 not asked for)`. */
function storedWords({ total, stored, failed }: JobFacts['further'][number], noun: Noun): string {
  const missing = total - stored;
  if (missing === 0) return total === 1 ? `The ${noun.one} is stored` : `All ${counted(total, noun)} are stored`;
  const untouched = missing - failed;
  const how = failed === 0 ? '' : untouched > 0 ? ` (${failed} failed, ${untouched} not asked for)` : '';
  return `${stored} of ${counted(total, noun)} are stored, ${missing} missing${how}`;
}
