import { retryAnswer, usageAnswer } from '#bot/chat/answers.ts';
import type { Message } from '#bot/chat/message.ts';
import type { Request } from '#bot/chat/surface.ts';
import type { RetryRequest } from '#bot/runs/requests.ts';
import type { Command, CommandServices } from './command.ts';
import { readRunNumber } from './run-number.ts';

/** `/scrape retry [run] [platform…]`: redoes what broke, and nothing else. */
export const retry: Command = {
  name: 'retry',
  deed: 'retry what failed',
  right: 'retry',
  usage: 'retry [run] [platform…]',
  summary: 'redo what failed in a run (the newest, if you name none): everything, or the platforms you name',
  async run(words, request, services) {
    const number = readRunNumber(words[0]);
    if (number === 'invalid') {
      return usageAnswer('A run is named by its number, 1 or higher.', 'For example: /scrape retry 42 bet9ja');
    }
    const platforms = number === null ? words : words.slice(1);
    const named = platforms.map((word) => word.toLowerCase());
    return answerRetry({ run: number, platforms: named, pressed: false }, request, services);
  },
};

/** Asks for a retry, typed, pressed or chosen in a form; what came of it, with the way to where it is told. */
export async function answerRetry(wanted: RetryRequest, request: Request, services: CommandServices): Promise<Message> {
  const answer = await services.retry(request, wanted);
  const card = answer.kind === 'started' ? await services.cardUrl(request, answer.rootId) : null;
  return retryAnswer(answer, services.telling(), card);
}
