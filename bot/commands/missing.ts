import { missingAnswer } from '#bot/chat/file-words.ts';
import type { Command } from './command.ts';
import { readLook } from './look.ts';

/** `/scrape missing [run] [platform…]`: what a run could not get, and the whole list as a file when it is long. */
export const missing: Command = {
  name: 'missing',
  deed: 'look at runs',
  right: 'view',
  usage: 'missing [run] [platform…]',
  summary: 'what a run could not get (the newest, if you name none); a long list comes as a file into the thread',
  async run(words, request, services) {
    const look = readLook(words, 'missing');
    return look.kind === 'unclear' ? look.answer : missingAnswer(await services.missing(request, look.request));
  },
};
