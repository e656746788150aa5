/** Private answers to requests: what happened, what it means, what to do. */
import type { AccessVerdict } from '#bot/runs/access.ts';
import type { RetryAnswer, StartAnswer, StartRefusal } from '#bot/runs/requests.ts';
import { oneLine } from './escape.ts';
import { message, type Message } from './message.ts';
import type { Telling } from './platform-words.ts';
import { retryRefusal, unknownPlatform } from './retry-refusals.ts';
import { partWords } from './retry-words.ts';
import { listed } from './wording.ts';

/** The answer to `/scrape now`. */
export function startAnswer(answer: StartAnswer): Message {
  if (answer.kind === 'refused') return message('warning', `Nothing was started. ${startRefusal(answer.reason)}`);
  return message('good', `Run ${answer.runId} is on its way: ${listed(answer.platforms)}.`);
}

/** The answer to a retry, typed or pressed. `card`: the address of the card that tells of the new run. */
export function retryAnswer(answer: RetryAnswer, telling: Telling, card: string | null = null): Message {
  if (answer.kind === 'refused') {
    const [first, ...others] = answer.reasons.map(retryRefusal);
    const lines = others.map((text) => ({ tone: 'quiet' as const, name: '', text }));
    return message('warning', `Nothing was started. ${first ?? ''}`, { lines });
  }
  const parts = answer.parts.map((part) => `${part.platform} ${partWords(part, telling, 'answer')}`);
  return message('good', `Run ${answer.runId} retries ${listed(parts)}.`, {
    lines: answer.refused.map((reason) => ({ tone: 'quiet', name: '', text: retryRefusal(reason) })),
    link: card === null ? null : { label: `Follow run ${answer.runId}`, url: card },
  });
}

/** A command that could not be understood: what was wrong, and what would be right. */
export function usageAnswer(problem: string, right: string): Message {
  return message('warning', problem, {
    lines: [{ tone: 'quiet', name: '', text: right }],
  });
}

/** Somebody who may not do something, “start runs” for instance: why, and whom to ask. */
export function refusedPerson(
  deed: string,
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
      return message('warning', `You may not ${deed} here. ${whom}`);
    case 'group_unknown':
      return message(
        'warning',
        `Nothing was done: the members of the group that may ${deed} cannot be looked up right now. Please try again in a minute.`,
      );
  }
}

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

/** It could not be written down in time, and now never will be. */
export function tooLateAnswer(): Message {
  return message('bad', 'Nothing was started: the database is too slow right now. Please try again in a moment.');
}

/** Said where everybody reads it, as whoever asked could not be answered in private: so nothing of the answer is in it. */
export function lostAnswer(name: string): Message {
  return message('warning', `${name}: your answer came too late to be shown to you alone.`, {
    lines: [
      { tone: 'quiet', name: '', text: 'What you asked for may be done: see /scrape status before you ask again.' },
    ],
  });
}

/** A button nobody of this version wrote, or that belongs to something deleted. */
export function staleButton(): Message {
  return message('warning', 'This button is no longer valid: /scrape status shows those that are.');
}

function startRefusal(reason: StartRefusal): string {
  switch (reason.kind) {
    case 'unknown_platform':
      return unknownPlatform(reason);
    case 'no_platforms':
      return 'No platform is set up to be scraped: name some in rescrape.config.ts.';
  }
}
