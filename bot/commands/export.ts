import { exportAnswer } from '#bot/chat/file-words.ts';
import type { Command } from './command.ts';
import { readLook } from './look.ts';

/** `/scrape export [run] [platform…]`: what a run delivered, as CSV files into its thread. */
export const exportCommand: Command = {
  name: 'export',
  deed: 'export what was delivered',
  right: 'run',
  usage: 'export [run] [platform…]',
  summary: 'what a run delivered (the newest, if you name none), as a CSV file in its thread',
  async run(words, request, services) {
    const look = readLook(words, 'export');
    return look.kind === 'unclear' ? look.answer : exportAnswer(await services.exportRun(request, look.request));
  },
};
