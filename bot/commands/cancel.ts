import { usageAnswer } from '#bot/chat/answers.ts';
import { cancelAnswer } from '#bot/chat/cancel-words.ts';
import { samePerson } from '#bot/runs/cancel.ts';
import type { Command } from './command.ts';
import { readRunNumber } from './run-number.ts';

/** `/scrape cancel <run>`: ends a run before it is done. Whoever may start runs may, and whoever started this one. */
export const cancel: Command = {
  name: 'cancel',
  deed: "cancel other people's runs",
  right: 'run',
  usage: 'cancel <run>',
  summary: 'end a run that still works; what is stored stays',
  async isTheirs(words, person, services) {
    const number = readRunNumber(words[0]);
    if (typeof number !== 'number') return false;
    const run = (await services.chainOf(number))?.runs.find(({ id }) => id === number);
    return run !== undefined && samePerson(run.requestedBy, person);
  },
  async run(words, request, services) {
    const number = readRunNumber(words[0]);
    if (typeof number !== 'number' || words.length > 1) {
      return usageAnswer('Which run should be cancelled? Name one, by its number.', 'For example: /scrape cancel 42');
    }
    return cancelAnswer(await services.cancel(request, number));
  },
};
