import { usageAnswer } from '#bot/chat/answers.ts';
import { muteAnswer, unmuteAnswer } from '#bot/chat/mute-answers.ts';
import type { Command } from './command.ts';
import { readUntil } from './until.ts';

const EXAMPLES =
  'For example: /scrape mute bet9ja, or /scrape mute bet9ja until 18:00 (or 2h, 3d, tomorrow, 2026-12-24)';

/** `/scrape mute <platform> [until …]`: what breaks of it pings nobody until it works, or until a time. */
export const mute: Command = {
  name: 'mute',
  deed: 'mute platforms',
  right: 'run',
  usage: 'mute <platform> [until]',
  summary: 'no pings for a platform until it works, or until a time; it is scraped as before',
  async run(words, request, services) {
    const [platform, ...rest] = words;
    if (platform === undefined) return usageAnswer('Which platform should be muted?', EXAMPLES);
    const { now, timeZone } = services.telling();
    const until = readUntil(rest, now, timeZone);
    if (until === 'unclear') return usageAnswer('Until when? That time could not be read.', EXAMPLES);
    const answer = await services.mute(request, { platform: platform.toLowerCase(), until, run: null });
    return muteAnswer(answer, services.telling());
  },
};

/** `/scrape unmute <platform>`: what breaks of it is told as usual again. */
export const unmute: Command = {
  name: 'unmute',
  deed: 'unmute platforms',
  right: 'run',
  usage: 'unmute <platform>',
  summary: 'tell what breaks of a platform as usual again',
  async run(words, request, services) {
    const [platform, ...rest] = words;
    if (platform === undefined || rest.length > 0) {
      return usageAnswer('Which platform should be unmuted? Name one.', 'For example: /scrape unmute bet9ja');
    }
    return unmuteAnswer(
      await services.unmute(request, { platform: platform.toLowerCase(), run: null }),
      services.telling(),
    );
  },
};
