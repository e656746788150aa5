import { staleButton, usageAnswer } from '#bot/chat/answers.ts';
import { backfillAnswer } from '#bot/chat/backfill-answers.ts';
import type { Message } from '#bot/chat/message.ts';
import { MOST_LISTINGS } from '#bot/runs/backfill.ts';
import type { Intent } from '#bot/runs/requests.ts';
import type { Command, CommandServices } from './command.ts';

const EXAMPLES = 'For example: /scrape backfill bringatrailer images 25, or /scrape backfill bringatrailer vin';

/** `/scrape backfill <platform> <what> [n]`: one batch of what stored listings lack, whatever run they came from. */
export const backfill: Command = {
  name: 'backfill',
  deed: 'start backfills',
  right: 'run',
  usage: 'backfill <platform> <what> [n]',
  summary: 'bring what stored listings lack: images, or a field (vin, …) from kept pages; n at a time',
  async run(words, request, services) {
    const [platform, what, typed, ...rest] = words;
    if (platform === undefined) return usageAnswer('What is to be backfilled, and of which platform?', EXAMPLES);
    const listings = typed === undefined ? null : /^\d{1,4}$/.test(typed) ? Number(typed) : 0;
    if (rest.length > 0 || listings === 0 || (listings !== null && listings > MOST_LISTINGS)) {
      return usageAnswer(`How many listings should a batch take? A number from 1 to ${MOST_LISTINGS}.`, EXAMPLES);
    }
    const asked = { platform: platform.toLowerCase(), what: (what ?? '').toLowerCase(), listings };
    return backfillAnswer(await services.backfill(request, asked), services.telling());
  },
};

/** Another batch like that of a run, for the button on its card. */
export async function nextBatch(
  { run, platform }: { run: number; platform: string },
  intent: Intent,
  services: CommandServices,
): Promise<Message> {
  const chain = await services.chainOf(run);
  const before = chain?.runs[0].jobs.find((job) => job.platform === platform)?.backfill ?? null;
  if (before === null) return staleButton();
  const asked = { platform, what: before.what, listings: before.batch.listings };
  return backfillAnswer(await services.backfill(intent, asked), services.telling());
}
