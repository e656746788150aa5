/** Puts notes on the status page and takes them away: the only writer of notes, one transaction each, with its action. */
import type { Database } from '#db/client.ts';
import { endNote, insertNote, openNotes } from '#db/notes.ts';
import type { CommandServices } from '#bot/commands/index.ts';
import { once, type Handled } from './once.ts';

/** Makes the service; that the page has something new to show is said by the database. */
export function createNoteService({ database }: { database: Database }): CommandServices['notes'] {
  return {
    async write(intent, note) {
      return once(database, intent, 'note', { text: note.text }, async (tx): Promise<Handled<number>> => {
        const answer = await insertNote(tx, { ...note, actor: intent.actor });
        return { answer, outcome: 'done', runId: null };
      });
    },
    async end(intent, id) {
      return once(database, intent, 'note', { end: id }, async (tx): Promise<Handled<boolean>> => {
        const answer = await endNote(tx, id);
        return { answer, outcome: answer ? 'done' : 'refused:unknown_note', runId: null };
      });
    },
    open: () => openNotes(database.db),
  };
}
