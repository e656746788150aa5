/** Answers to whoever wants a platform tried that is left alone. */
import type { TryAnswer } from '#bot/runs/requests.ts';
import { message, type Message } from './message.ts';
import type { Telling } from './platform-words.ts';
import { unknownPlatform } from './retry-refusals.ts';

/** The answer to `/scrape try`, typed or pressed. */
export function tryAnswer(answer: TryAnswer, telling: Telling): Message {
  switch (answer.kind) {
    case 'started': {
      const { noun } = telling.platform(answer.platform);
      return message(
        'good',
        `Run ${answer.runId} tries ${answer.platform}: one ${noun.one} first, the rest if that works.`,
      );
    }
    case 'not_left_alone':
      return message(
        'warning',
        `Nothing was started: ${answer.platform} is not left alone. /scrape now ${answer.platform} starts a run of it.`,
      );
    case 'unknown_platform':
      return message('warning', `Nothing was started. ${unknownPlatform(answer)}`);
  }
}
