import { acceptAnswer } from '#bot/chat/accept-words.ts';
import { usageAnswer } from '#bot/chat/answers.ts';
import { oneLine } from '#bot/chat/escape.ts';
import { WHY_LIMIT } from '#bot/runs/accept.ts';
import type { Command } from './command.ts';
import { readRunNumber } from './run-number.ts';

const EXAMPLE = 'For example: /scrape accept 42 bet9ja because of the international break';

/** `/scrape accept <run> <platform> because …`: takes a doubtful result as it is; who and why are kept. */
export const accept: Command = {
  name: 'accept',
  deed: 'accept results',
  right: 'run',
  usage: 'accept <run> <platform> because <why>',
  summary: 'take what delivered nothing, or far less than usual, as it is',
  async run(words, request, services) {
    const run = readRunNumber(words[0]);
    if (run === 'invalid') return usageAnswer('A run is named by its number, 1 or higher.', EXAMPLE);
    const [platform, ...rest] = run === null ? words : words.slice(1);
    if (platform === undefined) return usageAnswer('Which platform, in which run, and why?', EXAMPLE);
    const why = rest.join(' ').replace(/^because(?! of\b)\s*/i, '');
    const answer = await services.accept(request, {
      run,
      platform: platform.toLowerCase(),
      why: oneLine(why, WHY_LIMIT),
      pressed: false,
    });
    return acceptAnswer(answer, services.telling());
  },
};
