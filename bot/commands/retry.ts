import { retryAnswer, usageAnswer } from '#bot/chat/answers.ts';
import type { Command } from './command.ts';
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
    const answer = await services.retry(request, {
      run: number,
      platforms: platforms.map((word) => word.toLowerCase()),
      pressed: false,
    });
    return retryAnswer(answer, services.telling());
  },
};
