import { usageAnswer } from '#bot/chat/answers.ts';
import { rootCard } from '#bot/chat/cards.ts';
import { message } from '#bot/chat/message.ts';
import { openJobs } from '#bot/chat/retry-words.ts';
import { jobButtons } from '#bot/chat/thread.ts';
import type { Command } from './command.ts';
import { readRunNumber } from './run-number.ts';

/** `/scrape status [run]`: the card of a run as it stands now, with the buttons that can be pressed. */
export const status: Command = {
  name: 'status',
  deed: 'look at runs',
  right: 'view',
  usage: 'status [run]',
  summary: 'how a run stands (the newest, if you name none)',
  async run(words, _request, services) {
    const number = readRunNumber(words[0]);
    if (number === 'invalid' || (number === null && words.length > 0)) {
      return usageAnswer('A run is named by its number, 1 or higher.', 'For example: /scrape status 42');
    }
    const chain = await services.chainOf(number);
    if (chain === null && number === null) return message('quiet', 'There is no run yet: start one with /scrape now.');
    if (chain === null) {
      return message('warning', `There is no run ${number}: /scrape history lists the runs there are.`);
    }
    const telling = services.telling();
    const card = rootCard(chain, telling);
    const buttons = openJobs(chain).flatMap((job) => jobButtons(chain, job, telling));
    return { ...card, buttons: [...card.buttons, ...buttons] };
  },
};
