/** Private answers to requests: what happened, what it means, what to do. */
import type { AccessVerdict, Right } from '#bot/runs/access.ts';
import type { RetryAnswer, StartAnswer, StartRefusal } from '#bot/runs/requests.ts';
import type { RetryRefusal } from '#bot/runs/retry-run.ts';
import { oneLine } from './escape.ts';
import { message, type Message } from './message.ts';
import type { Telling } from './platform-words.ts';
import { partWords } from './retry-words.ts';
import { listed } from './wording.ts';

/** The answer to `/scrape now`. */
export function startAnswer(answer: StartAnswer): Message {
  if (answer.kind === 'refused') return message('warning', `Nothing was started. ${startRefusal(answer.reason)}`);
  return message('good', `Run ${answer.runId} is on its way: ${listed(answer.platforms)}.`);
}

/** The answer to a retry, typed or pressed. */
export function retryAnswer(answer: RetryAnswer, telling: Telling): Message {
  if (answer.kind === 'refused') {
    const [first, ...others] = answer.reasons.map(retryRefusal);
    const lines = others.map((text) => ({ tone: 'quiet' as const, name: '', text }));
    return message('warning', `Nothing was started. ${first ?? ''}`, { lines });
  }
  const parts = answer.parts.map((part) => `${part.platform} ${partWords(part, telling)}`);
  return message('good', `Run ${answer.runId} retries ${listed(parts)}.`, {
    lines: answer.refused.map((reason) => ({ tone: 'quiet', name: '', text: retryRefusal(reason) })),
  });
}

/** A command that could not be understood: what was wrong, and what would be right. */
export function usageAnswer(problem: string, right: string): Message {
  return message('warning', problem, {
    lines: [{ tone: 'quiet', name: '', text: right }],
  });
}

/** Somebody who may not: why, and whom to ask. */
export function refusedPerson(
  right: Right,
  why: Extract<AccessVerdict, { allowed: false }>['reason'],
  ask: string | null,
): Message {
  const whom = ask === null ? 'Ask whoever runs Rescrape.' : `Ask ${oneLine(ask, 80)}.`;
  switch (why) {
    case 'stranger':
      return message('warning', `Bots, guests and people of other teams may only look on. ${whom}`);
    case 'elsewhere':
      return message('warning', `This Rescrape belongs to another team. ${whom}`);
    case 'not_allowed':
      return message('warning', `You may not ${rightWords[right]} here. ${whom}`);
  }
}

const rightWords: Record<Right, string> = {
  view: 'look at runs',
  retry: 'retry what failed',
  run: 'start runs',
  admin: 'do that',
};

/** Something on our side broke while answering; the log has it under the request's id. `passing`: trying again can help. */
export function troubleAnswer(passing: boolean): Message {
  if (passing) {
    return message('bad', 'That did not work: the database did not answer in time. Please try again in a moment.');
  }
  return message(
    'bad',
    'That did not work, because of an error of ours; the log has the details. Nothing was started.',
  );
}

/** A button nobody of this version wrote, or that belongs to something deleted. */
export function staleButton(): Message {
  return message('warning', 'This button is no longer valid. `/scrape status` shows what can be retried now.');
}

function startRefusal(reason: StartRefusal): string {
  switch (reason.kind) {
    case 'unknown_platform':
      return unknownPlatform(reason);
    case 'no_platforms':
      return 'No platform is set up to be scraped: name some in rescrape.config.ts.';
  }
}

/** Why a retry is refused, in one sentence that can stand where the button stood. */
export function retryRefusal(reason: RetryRefusal): string {
  switch (reason.kind) {
    case 'no_run':
      return 'There is no run yet to retry: start one with /scrape now.';
    case 'unknown_run':
      return `There is no run ${reason.run}: /scrape history lists the runs there are.`;
    case 'unknown_platform':
      return unknownPlatform(reason);
    case 'not_in_run':
      return `${reason.platform} was not part of run ${reason.run}, which took ${listed(reason.platforms)}.`;
    case 'still_running':
      return reason.platform === null
        ? `Run ${reason.run} is still running: wait until it is done, then retry what failed.`
        : `${reason.platform} is still being scraped in run ${reason.run}: wait until it is done.`;
    case 'being_retried':
      return `${reason.platform} is already being retried by ${reason.by} (run ${reason.run}).`;
    case 'nothing_failed':
      return `Nothing failed in run ${reason.run}: every platform is complete.`;
    case 'not_failed':
      return `${reason.platform} did not fail: run ${reason.run} completed it.`;
    case 'already_retried':
      return `${reason.platform} was already retried in run ${reason.by}: use the newest button.`;
    case 'retries_used':
      return `${reason.limit} of ${reason.limit} retries of ${reason.platform} in run ${reason.run} are used: start a new run with /scrape now ${reason.platform}.`;
    case 'too_old':
      return `Run ${reason.run} is ${reason.days} days old, too old to continue: start a new one with /scrape now.`;
  }
}

function unknownPlatform(reason: { platform: string; known: readonly string[]; nearest: string | null }): string {
  const hint = reason.nearest === null ? '' : ` Did you mean ${reason.nearest}?`;
  return `There is no platform "${oneLine(reason.platform, 32)}".${hint} Known are ${listed(reason.known)}.`;
}
