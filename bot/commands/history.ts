import { usageAnswer } from '#bot/chat/answers.ts';
import { rootCard } from '#bot/chat/cards.ts';
import { message } from '#bot/chat/message.ts';
import { dayAndClock, listed } from '#bot/chat/wording.ts';
import { effectiveJobs, isComplete } from '#bot/runs/run.ts';
import type { Command } from './command.ts';

const USUAL = 10;
const MOST = 50;

/** `/scrape history [n]`: the newest runs, one line each, with what came of their retries. */
export const history: Command = {
  name: 'history',
  deed: 'look at runs',
  right: 'view',
  usage: 'history [n]',
  summary: `the newest runs, one line each (${USUAL}, at most ${MOST})`,
  async run(words, _request, services) {
    const asked = words[0] ?? String(USUAL);
    if (!/^\d{1,4}$/.test(asked) || Number(asked) < 1) {
      return usageAnswer('How many runs should be listed?', 'For example: /scrape history 20');
    }
    const chains = await services.latest(Math.min(Number(asked), MOST));
    if (chains.length === 0) return message('quiet', 'There is no run yet: start one with /scrape now.');
    const telling = services.telling();
    const lines = chains.map((chain) => {
      const card = rootCard(chain, telling);
      const open = effectiveJobs(chain).filter((job) => !isComplete(job));
      const missing = open.length === 0 ? '' : ` · not complete: ${listed(open.map((job) => job.platform))}`;
      const at = dayAndClock(chain.runs[0].createdAt, telling.timeZone);
      return { tone: card.tone, name: '', text: `${at} · ${card.title}${missing}` };
    });
    return message('quiet', lines.length === 1 ? 'The newest run' : `The newest ${lines.length} runs`, { lines });
  },
};
