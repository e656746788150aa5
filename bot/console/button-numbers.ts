/** What is typed to press a button: a number, or the words of a command where these are short. */
import { decodeAction } from '#bot/chat/actions.ts';
import type { Button } from '#bot/chat/message.ts';

/**
 * Numbers enabled buttons from 1 in the order they first appear, and a button keeps its number. What comes and goes with
 * a run, or belongs to a platform, is typed in words: numbers stay few, and never stand for something else than before.
 */
export function numberButtons() {
  const numbers = new Map<string, number>();
  return {
    typedFor(button: Button): string | null {
      if (button.disabled) return null;
      const words = wordsFor(button.id);
      if (words !== null) return words;
      const known = numbers.get(button.id) ?? numbers.size + 1;
      numbers.set(button.id, known);
      return String(known);
    },
    actionOf(number: number): string | null {
      for (const [id, known] of numbers) if (known === number) return id;
      return null;
    },
  };
}

function wordsFor(id: string): string | null {
  const action = decodeAction(id);
  if (action?.kind === 'cancel') return `cancel ${action.run}`;
  return action?.kind === 'mute' || action?.kind === 'unmute' ? `${action.kind} ${action.platform}` : null;
}
