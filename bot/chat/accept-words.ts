/** Taking a doubtful result as it is: the button, the form that asks why, and what is answered. */
import { decideAcceptance, isDoubtful, WHY_LIMIT, type AcceptRefusal } from '#bot/runs/accept.ts';
import type { AcceptAnswer } from '#bot/runs/requests.ts';
import { effectiveJobs, itemsDelivered, type Chain, type JobFacts } from '#bot/runs/run.ts';
import { encodeAction } from './actions.ts';
import { oneLine } from './escape.ts';
import { message, type Button, type Form, type Message } from './message.ts';
import type { Telling } from './platform-words.ts';
import { unknownPlatform } from './retry-refusals.ts';
import { counted, listed, surfaceName } from './wording.ts';

/** The button beside “Retry” under a doubtful result; null once there is a newer result, or somebody accepted it. */
export function acceptButton(chain: Chain, job: JobFacts, telling: Telling): Button | null {
  const newest = effectiveJobs(chain).find((one) => one.platform === job.platform);
  if (newest?.id !== job.id || !isDoubtful(job) || job.accepted !== null) return null;
  return {
    id: encodeAction({ kind: 'accept', run: job.runId, platform: job.platform }),
    label: `Accept ${job.platform}`,
    hint: `counts as complete with ${delivered(job, telling)}; you are asked why`,
    disabled: false,
  };
}

/** The form behind it, or why there is nothing to accept any more. */
export function acceptForm(
  chain: Chain,
  asked: { run: number; platform: string },
  telling: Telling,
): { kind: 'form'; form: Form } | { kind: 'message'; message: Message } {
  const { run, platform } = asked;
  const known = chain.runs[0].platforms;
  const decision = decideAcceptance({ chain, runId: run, platform, pressed: true, known });
  if (decision.kind === 'refused') {
    return { kind: 'message', message: acceptAnswer({ kind: 'refused', reason: decision.reason }, telling) };
  }
  const form: Form = {
    id: encodeAction({ kind: 'accept', run, platform }),
    title: `Accept ${platform}`,
    intro: `${platform} delivered ${delivered(decision.job, telling)} in run ${run}. Accepted, it counts as complete and as usual from now on; your name and reason stand in the thread.`,
    choices: [],
    text: { label: 'Why is this right?', example: 'International break: no league matches', most: WHY_LIMIT },
    submit: 'Accept',
    typed: `Type /scrape accept ${run} ${platform} because … and your reason.`,
  };
  return { kind: 'form', form };
}

/** `Accepted by Ada, from Slack: international break`. */
export function acceptedWords(accepted: NonNullable<JobFacts['accepted']>): string {
  const { by, why } = accepted;
  return `Accepted by ${by.name}, from ${surfaceName(by.surface)}: ${oneLine(why)}`;
}

/** The answer to an acceptance, typed or sent with the form. */
export function acceptAnswer(answer: AcceptAnswer, telling: Telling): Message {
  if (answer.kind === 'refused') return message('warning', `Nothing was accepted. ${acceptRefusal(answer.reason)}`);
  const { noun } = telling.platform(answer.platform);
  const items = answer.items === 0 ? `no ${noun.many}` : counted(answer.items, noun);
  return message('good', `${answer.platform} in run ${answer.run} is accepted as it is: ${items}.`);
}

/** Why an acceptance is refused, in one sentence. */
export function acceptRefusal(reason: AcceptRefusal): string {
  switch (reason.kind) {
    case 'no_run':
      return 'There is no run yet: start one with /scrape now.';
    case 'unknown_run':
      return `There is no run ${reason.run}: /scrape history lists the runs there are.`;
    case 'unknown_platform':
      return unknownPlatform(reason);
    case 'not_in_run':
      return `${reason.platform} was not part of run ${reason.run}, which took ${listed(reason.platforms)}.`;
    case 'still_running':
      return `${reason.platform} is still being scraped in run ${reason.run}: wait until it is done.`;
    case 'not_doubtful':
      return reason.complete
        ? `${reason.platform} is complete in run ${reason.run}: there is nothing to accept.`
        : `${reason.platform} broke in run ${reason.run}, which nobody can vouch for: retry it. Only what delivered nothing, or far less than usual, can be accepted.`;
    case 'already_accepted':
      return `${reason.platform} in run ${reason.run} was already accepted by ${reason.by}.`;
    case 'already_retried':
      return `${reason.platform} was already retried in run ${reason.by}: use the newest button.`;
    case 'no_reason':
      return `Say why: /scrape accept ${reason.run} ${reason.platform} because … and your reason.`;
  }
}

function delivered(job: JobFacts, telling: Telling): string {
  const { noun } = telling.platform(job.platform);
  const items = itemsDelivered(job);
  return items === 0 ? `no ${noun.many}` : counted(items, noun);
}
