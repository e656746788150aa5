import { usageAnswer } from '#bot/chat/answers.ts';
import { oneLine } from '#bot/chat/escape.ts';
import { message } from '#bot/chat/message.ts';
import { dayAndClock } from '#bot/chat/wording.ts';
import { NOTE_LIMIT, readNote, type ReadNote } from '#bot/runs/note.ts';
import type { Command, CommandServices } from './command.ts';

const EXAMPLE = 'For example: /scrape note "bet9ja has maintenance until 14:00", or /scrape note end 3';

/** `/scrape note [text] [until 14:00 | for 2h]`: says something on the status page; `note end 3` takes it away. */
export const note: Command = {
  name: 'note',
  deed: 'write on the status page',
  right: 'run',
  usage: 'note [text] [until 14:00 | for 2h]',
  summary: 'say something on the status page, a day long unless told; note alone lists them, note end 3 ends one',
  async run(words, intent, services) {
    if (words.length === 0) return listNotes(services);
    if (words[0]?.toLowerCase() === 'end' && words.length === 2) {
      const id = /^\d{1,9}$/.test(words[1] ?? '') ? Number(words[1]) : null;
      if (id === null) return usageAnswer('A note is named by its number.', EXAMPLE);
      if (!(await services.notes.end(intent, id))) {
        return message('bad', `No note ${id} stands on the status page.`, {
          footer: '/scrape note lists those that do.',
        });
      }
      return message('good', `Note ${id} is off the status page.`);
    }
    const { now, timeZone } = services.telling();
    const read = readNote(oneLine(words.join(' '), 2 * NOTE_LIMIT), now, timeZone);
    if (read.kind !== 'note') return usageAnswer(problem(read.kind), EXAMPLE);
    const id = await services.notes.write(intent, read);
    return message('good', `Note ${id} stands on the status page until ${dayAndClock(read.endsAt, timeZone)}.`, {
      footer: `/scrape note end ${id} takes it away earlier.`,
    });
  },
};

async function listNotes(services: CommandServices) {
  const { timeZone } = services.telling();
  const open = await services.notes.open();
  if (open.length === 0) return message('quiet', 'No note stands on the status page.', { footer: EXAMPLE });
  const lines = open.map(({ id, text, endsAt }) => ({
    tone: 'quiet' as const,
    name: String(id),
    text: `${oneLine(text, NOTE_LIMIT)} · until ${dayAndClock(endsAt, timeZone)}`,
  }));
  return message(
    'quiet',
    open.length === 1 ? 'One note stands on the status page' : `${open.length} notes stand on the status page`,
    { lines },
  );
}

function problem(kind: Exclude<ReadNote['kind'], 'note'>): string {
  switch (kind) {
    case 'empty':
      return 'What should the note say?';
    case 'too_long':
      return `A note has at most ${NOTE_LIMIT} characters.`;
    case 'ends_too_late':
      return 'A note stands for at most 30 days.';
    case 'no_such_time':
      return 'There is no such time.';
  }
}
