/** Reads `[run] [platform…]`. */
import { usageAnswer } from '#bot/chat/answers.ts';
import type { Message } from '#bot/chat/message.ts';
import type { LookRequest } from '#bot/runs/requests.ts';
import { readRunNumber } from './run-number.ts';

/** The request, or what to answer when the run's number is none. */
export function readLook(
  words: readonly string[],
  command: string,
): { kind: 'clear'; request: LookRequest } | { kind: 'unclear'; answer: Message } {
  const run = readRunNumber(words[0]);
  if (run === 'invalid') {
    const example = `For example: /scrape ${command} 42 bet9ja`;
    return { kind: 'unclear', answer: usageAnswer('A run is named by its number, 1 or higher.', example) };
  }
  const platforms = (run === null ? words : words.slice(1)).map((word) => word.toLowerCase());
  return { kind: 'clear', request: { run, platforms: [...new Set(platforms)] } };
}
