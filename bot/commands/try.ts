import { tryAnswer } from '#bot/chat/try-answers.ts';
import { usageAnswer } from '#bot/chat/answers.ts';
import type { Command } from './command.ts';

/** `/scrape try <platform>`: tries a platform now that is left alone, one item first. */
export const tryCommand: Command = {
  name: 'try',
  deed: 'try platforms that are left alone',
  right: 'run',
  usage: 'try <platform>',
  summary: 'try a platform now that is left alone because it kept failing',
  async run(words, request, services) {
    const [platform, ...rest] = words;
    if (platform === undefined || rest.length > 0) {
      return usageAnswer('Which platform should be tried? Name one.', 'For example: /scrape try bet9ja');
    }
    return tryAnswer(await services.tryNow(request, platform.toLowerCase()), services.telling());
  },
};
