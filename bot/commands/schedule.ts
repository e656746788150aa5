import { usageAnswer } from '#bot/chat/answers.ts';
import { scheduleAnswer, schedulesMessage } from '#bot/chat/schedule-words.ts';
import type { Command } from './command.ts';
import { readUntil } from './until.ts';

const EXAMPLES =
  'For example: /scrape schedule pause nightly until 14:00 (or 2h, 3d, tomorrow), /scrape schedule resume nightly';

/** `/scrape schedule [pause|resume] [name] [until]`: how the schedules stand; puts one to rest, or wakes it. */
export const schedule: Command = {
  name: 'schedule',
  deed: 'pause schedules',
  right: (words) => (words.length === 0 ? 'view' : 'run'),
  usage: 'schedule [pause|resume] [name] [until]',
  summary: 'when runs start by themselves; pause or resume a schedule by its name',
  async run(words, request, services) {
    const [verb, name, ...rest] = words;
    const { now, timeZone } = services.telling();
    if (verb === undefined) return schedulesMessage(await services.schedules.view(), timeZone);
    const resume = verb.toLowerCase() === 'resume';
    if (name === undefined || (!resume && verb.toLowerCase() !== 'pause') || (resume && rest.length > 0)) {
      return usageAnswer('A schedule can be paused or resumed, by its name.', EXAMPLES);
    }
    const until = readUntil(rest, now, timeZone);
    if (until === 'unclear') return usageAnswer('Until when? That time could not be read.', EXAMPLES);
    const answer = await services.schedules.rest(request, { name: name.toLowerCase(), until, resume });
    return scheduleAnswer(answer, timeZone);
  },
};
