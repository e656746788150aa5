import { usageAnswer } from '#bot/chat/answers.ts';
import { rootCard } from '#bot/chat/cards.ts';
import { chainHistory, noSuchRun } from '#bot/chat/history-words.ts';
import { message, type Message } from '#bot/chat/message.ts';
import { dayAndClock, listed } from '#bot/chat/wording.ts';
import { effectiveJobs, isComplete } from '#bot/runs/run.ts';
import type { Command, CommandServices } from './command.ts';
import { readRunNumber } from './run-number.ts';

const USUAL = 10;
const MOST = 50;

/**
 * `/scrape history 42`: a run's whole chain, as a number means a run in every command; `/scrape history [last 20]`: the
 * newest runs, one line each, with what came of their retries.
 */
export const history: Command = {
  name: 'history',
  deed: 'look at runs',
  right: 'view',
  usage: 'history [run] [last n]',
  summary: `the newest runs (${USUAL}, at most ${MOST}), or one with its retries, attempts and first errors`,
  async run(words, _request, services) {
    const run = readRunNumber(words[0]);
    if (run !== 'invalid' && run !== null) {
      const chain = await services.chainOf(run);
      return chain === null ? noSuchRun(run) : chainHistory(chain, services.telling());
    }
    const [last = 'last', asked = String(USUAL)] = words;
    if (last.toLowerCase() !== 'last' || !/^\d{1,4}$/.test(asked) || Number(asked) < 1) {
      const right = 'For example: /scrape history 42, or /scrape history last 20';
      return usageAnswer('Which run, or how many of the newest?', right);
    }
    return newest(Math.min(Number(asked), MOST), services);
  },
};

async function newest(count: number, services: CommandServices): Promise<Message> {
  const chains = await services.latest(count);
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
}
