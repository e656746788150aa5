/** What delivering to a chat service must survive, whichever it is: run with Slack and with Discord, each before its fake. */
import { describe, expect, it } from 'vitest';
import type { Surface } from '#bot/chat/surface.ts';
import { aFailure, anIntent, aResult } from '../helpers/house.ts';
import type { ToldHouse } from '../helpers/told-house.ts';

/** A message as it stands in the service. */
export interface Standing {
  text: string;
  /** A reply stands in a thread. */
  isReply: boolean;
}

/** What somebody can do to the bot, and undo. */
export type Wrong = 'removed from the channel' | 'not allowed to write' | 'the token is revoked';

/** A surface and its fake, as both services have them. */
export interface ChatService extends AsyncDisposable {
  surface: Surface;
  /** Messages that stand in the home channel and its threads, oldest first. */
  standing(): Standing[];
  /** Everything we did that the service does not allow. */
  mistakes(): string[];
  /** How often we called to post, edit or look for a message. */
  calls(): number;
  wrong(what: Wrong): void;
  right(what: Wrong): void;
}

/** Titles of a run whose bet9ja broke, as its messages begin. */
export function brokenRun(id: number): RegExp[] {
  return [new RegExp(`Run ${id} is partly done: 1/2`), /sportybet delivered/, /bet9ja broke/];
}

export const broken = { bet9ja: aResult('failed', aFailure('bet9ja', 'blocked')) };

/** Each of these stands once, in this order, and nothing else does. */
export async function stands(service: ChatService, titles: readonly RegExp[]): Promise<void> {
  await expect
    .poll(() => service.standing().map((one) => one.text), { timeout: 20_000 })
    .toEqual(titles.map((title) => expect.stringMatching(title) as string));
}

/** Refused, put right by a person, told: without a restart, each thing once, in order. */
export function testHealing({ house, narrate }: ToldHouse, open: () => Promise<ChatService>): void {
  describe('what a person has put right', () => {
    it.each<Wrong>(['removed from the channel', 'not allowed to write', 'the token is revoked'])(
      'is told by itself, each thing once and in order, after: %s',
      async (what) => {
        await using service = await open();
        service.wrong(what);
        narrate([service.surface]);
        for (let run = 0; run < 3; run += 1) await house.runs.start(anIntent(), ['sportybet', 'bet9ja']);
        await house.workAll(broken);
        await expect.poll(() => service.calls()).toBeGreaterThan(2);
        expect(service.standing()).toEqual([]);
        service.right(what);
        await stands(service, [1, 2, 3].flatMap(brokenRun));
        expect(service.mistakes()).toEqual([]);
      },
    );
  });
}
