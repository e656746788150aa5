import { driftText } from '#scraper/drift.ts';
import type { EventAnswer, ParsedEvent } from '#scraper/platforms/event-answer.ts';

/** The event of an answer that has to be about football, and what could not be understood of it in words. */
export function football(answer: EventAnswer): ParsedEvent & { said: string[] } {
  if (answer.kind !== 'event') throw new Error(`the answer is about ${answer.sport}`);
  return { ...answer, said: answer.drifts.map(driftText) };
}
