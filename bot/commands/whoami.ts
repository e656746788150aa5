import { whoamiAnswer } from '#bot/chat/whoami-words.ts';
import type { Right } from '#bot/runs/access.ts';
import type { Command } from './command.ts';

const RIGHTS: readonly Right[] = ['view', 'retry', 'run', 'admin'];

/** `/scrape whoami`: how a surface knows you, and what you may do here by which rule. Everybody may ask that. */
export const whoami: Command = {
  name: 'whoami',
  deed: 'ask that',
  right: null,
  usage: 'whoami',
  summary: 'how you are known here, what you may do, and by which rule',
  async run(_words, request, services) {
    const verdicts = RIGHTS.map((right) => ({ right, verdict: services.may(right, request) }));
    return whoamiAnswer(request, verdicts, services.askWhom(request.surface));
  },
};
