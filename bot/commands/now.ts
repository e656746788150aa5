import { startAnswer } from '#bot/chat/answers.ts';
import type { Command } from './command.ts';

/** `/scrape now [platform…]`: starts a run. */
export const now: Command = {
  name: 'now',
  deed: 'start runs',
  right: 'run',
  usage: 'now [platform…]',
  summary: 'start a run of all platforms, or of those you name',
  async run(words, request, services) {
    return startAnswer(
      await services.start(
        request,
        words.map((word) => word.toLowerCase()),
      ),
    );
  },
};
