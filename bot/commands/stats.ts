import { usageAnswer } from '#bot/chat/answers.ts';
import { statsAnswer } from '#bot/chat/stats-words.ts';
import { SPANS } from '#bot/runs/numbers.ts';
import type { Command } from './command.ts';

/** `/scrape stats [24h|7d|30d|90d]`: how platforms, steps and retries did. */
export const stats: Command = {
  name: 'stats',
  deed: 'look at runs',
  right: 'view',
  usage: 'stats [24h|7d|30d|90d]',
  summary: 'how platforms, steps and retries did, and what fails most (7 days, if you say nothing)',
  async run(words, _request, services) {
    const asked = (words[0] ?? '7d').toLowerCase();
    const span = SPANS.find((one) => one === asked);
    if (span === undefined)
      return usageAnswer(`Numbers go back ${SPANS.join(', ')}.`, 'For example: /scrape stats 30d');
    return statsAnswer(await services.numbers(span), span);
  },
};
