/** Numbers for buttons, so that a person can press one by typing it. A button keeps its number. */
import type { Button } from '#bot/chat/message.ts';

/** Numbers enabled buttons from 1 in the order they first appear. */
export function numberButtons() {
  const numbers = new Map<string, number>();
  return {
    numberOf(button: Button): number | null {
      if (button.disabled) return null;
      const known = numbers.get(button.id) ?? numbers.size + 1;
      numbers.set(button.id, known);
      return known;
    },
    actionOf(number: number): string | null {
      for (const [id, known] of numbers) if (known === number) return id;
      return null;
    },
  };
}
