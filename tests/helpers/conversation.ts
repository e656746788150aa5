/** What is said, as a person reads it in the console. */
import type { Message } from '#bot/chat/message.ts';
import type { Telling } from '#bot/chat/platform-words.ts';
import { threadOf, toldIn } from '#bot/chat/thread.ts';
import { numberButtons } from '#bot/console/button-numbers.ts';
import { messageLines } from '#bot/console/text.ts';
import type { Chain } from '#db/run-facts.ts';

/** A whole thread as it is told in the console, its card first. */
export function conversation(chain: Chain, told: Telling, surface = 'console'): string {
  const { typedFor } = numberButtons();
  return toldIn({ surface, home: true }, threadOf(chain, told))
    .map(({ message, threadOf: thread }) => {
      const lines = messageLines(message, typedFor);
      return (thread === null ? lines : lines.map((line) => `  │ ${line}`)).join('\n');
    })
    .join('\n')
    .concat('\n');
}

/** Private answers, one after the other. */
export function answers(messages: readonly Message[]): string {
  return messages.map((message) => `${messageLines(message, () => null).join('\n')}\n`).join('');
}

/** Where a conversation is kept that people review as wording, as seen from `tests/bot/chat`. */
export function golden(name: string): string {
  return `../../fixtures/golden/${name}.txt`;
}
