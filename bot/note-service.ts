/** Puts notes on the status page and takes them away: the only writer of notes, one transaction each, with its action. */
import type { Database } from '#db/client.ts';
import { endNote, insertNote, openNotes } from '#db/notes.ts';
import type { CommandServices } from '#bot/commands/index.ts';
import { once, type Handled } from './once.ts';

/** `renew` is called when the page has something new to show. */
export function createNoteService(parts: { database: Database; renew: () => void }): CommandServices['notes'] {
  const { database, renew } = parts;
  return {
    async write(intent, note) {
      const id = await once(database, intent, 'note', { text: note.text }, async (tx): Promise<Handled<number>> => {
        const answer = await insertNote(tx, { ...note, actor: intent.actor });
        return { answer, outcome: 'done', runId: null };
      });
      renew();
      return id;
    },
    async end(intent, id) {
      const ended = await once(database, intent, 'note', { end: id }, async (tx): Promise<Handled<boolean>> => {
        const answer = await endNote(tx, id);
        return { answer, outcome: answer ? 'done' : 'refused:unknown_note', runId: null };
      });
      renew();
      return ended;
    },
    open: () => openNotes(database.db),
  };
}
