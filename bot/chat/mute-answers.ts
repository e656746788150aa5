/** Private answers to muting and unmuting. */
import type { MuteRefusal } from '#bot/runs/mute.ts';
import type { MuteAnswer, UnmuteAnswer } from '#bot/runs/requests.ts';
import { message, type Message } from './message.ts';
import { latest } from './mute-words.ts';
import type { Telling } from './platform-words.ts';
import { unknownPlatform } from './retry-refusals.ts';
import { timeOrDay } from './wording.ts';

/** The answer to muting. */
export function muteAnswer(answer: MuteAnswer, telling: Telling): Message {
  if (answer.kind === 'refused') return refused(answer.reason, telling);
  const end = answer.until === null ? '' : `, or ${latest(new Date(answer.until), telling)}`;
  return message('good', `${answer.platform} is muted until it works${end}.`, {
    lines: [
      quiet('It is scraped as before; what breaks is told in the thread, and pings nobody.'),
      quiet(`To end it: /scrape unmute ${answer.platform}`),
    ],
  });
}

/** The answer to unmuting. */
export function unmuteAnswer(answer: UnmuteAnswer, telling: Telling): Message {
  if (answer.kind === 'refused') return refused(answer.reason, telling);
  const { platform, by, since } = answer;
  return message('good', `${platform} is no longer muted: what breaks is told as usual.`, {
    lines: [quiet(`${by} had muted it since ${timeOrDay(new Date(since), telling)}.`)],
  });
}

function refused(reason: MuteRefusal, telling: Telling): Message {
  return message('warning', `Nothing was changed. ${muteRefusal(reason, telling)}`);
}

function muteRefusal(reason: MuteRefusal, telling: Telling): string {
  switch (reason.kind) {
    case 'unknown_platform':
      return unknownPlatform(reason);
    case 'already_muted': {
      const end = reason.until === null ? 'until it works' : latest(new Date(reason.until), telling);
      const since = timeOrDay(new Date(reason.since), telling);
      return `${reason.platform} is muted already, by ${reason.by} since ${since}, ${end}.`;
    }
    case 'not_muted':
      return `${reason.platform} is not muted.`;
    case 'too_soon':
      return 'That time has passed already: name one to come, or none to mute it until it works.';
    case 'too_far':
      return `A mute may last ${reason.days} days at most; without a time it lasts until it works.`;
  }
}

function quiet(text: string) {
  return { tone: 'quiet' as const, name: '', text };
}
