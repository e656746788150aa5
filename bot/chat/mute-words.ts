/** Mutes in words: the note that one holds, the button, and the word that it has ended. */
import { muteAt } from '#bot/runs/mute.ts';
import { effectiveJobs, isComplete, type Chain, type JobFacts, type MuteFacts, type RunFacts } from '#bot/runs/run.ts';
import { encodeAction } from './actions.ts';
import { message, type Button, type Message } from './message.ts';
import type { Telling } from './platform-words.ts';
import { listed, timeOrDay } from './wording.ts';

/** `muted by Ada since 12:03`, with its end when it has one besides the first success. */
export function muteNote(mute: MuteFacts, telling: Telling): string {
  const until = mute.until === null ? '' : `, ${latest(mute.until, telling)}`;
  return `muted by ${mute.by.name} since ${timeOrDay(mute.since, telling)}${until}`;
}

/** What a platform's line says of a mute: the one that holds now, or the one that held when the job broke. */
export function muteSuffix(job: JobFacts, mutes: readonly MuteFacts[], telling: Telling): string {
  const now = muteAt(mutes, job.platform, telling.now);
  if (now !== null) return ` · ${muteNote(now, telling)}`;
  const then = job.finishedAt === null ? null : muteAt(mutes, job.platform, job.finishedAt);
  return then === null ? '' : ` · was muted by ${then.by.name}`;
}

/** The button beside the retry under what broke: it mutes the platform, or ends the mute and says whose it is. */
export function muteButton(chain: Chain, job: JobFacts, telling: Telling): Button | null {
  const { platform, runId: run } = job;
  const itself = (job.status === 'failed' || job.status === 'partial') && !isComplete(job);
  if (!itself || !effectiveJobs(chain).some((newest) => newest.id === job.id)) return null;
  const mute = muteAt(chain.mutes, platform, telling.now);
  if (mute !== null) {
    const hint = muteNote(mute, telling);
    return { id: encodeAction({ kind: 'unmute', run, platform }), label: `Unmute ${platform}`, hint, disabled: false };
  }
  const hint = 'still scraped, but nobody is pinged when it breaks';
  return { id: encodeAction({ kind: 'mute', run, platform }), label: 'Mute until it works', hint, disabled: false };
}

/** Said once, in the thread of the run whose success ended it. */
export function muteEnded(
  run: RunFacts,
  mutes: readonly MuteFacts[],
  telling: Telling,
): { platform: string; text: Message }[] {
  return mutes
    .filter((mute) => mute.endedRun === run.id)
    .map(({ platform, by, since }) => {
      const was = `was muted by ${by.name} since ${timeOrDay(since, telling)}`;
      return { platform, text: message('good', `${platform} works again, and its mute has ended (it ${was})`) };
    });
}

/** `, bet9ja muted`: what makes a bad result read quietly. */
export function mutedSuffix(platforms: readonly string[]): string {
  return platforms.length === 0
    ? ''
    : `, ${platforms.length > 3 ? `${platforms.length} muted` : `${listed(platforms)} muted`}`;
}

/** `until 18:00 at the latest`: a success ends it before. */
export function latest(until: Date, telling: Telling): string {
  return `until ${timeOrDay(until, telling)} at the latest`;
}
