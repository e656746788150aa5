/** What delivering to a chat service must survive, whichever it is: run with Slack and with Discord, each before its fake. */
import { describe, expect, it } from 'vitest';
import type { Surface } from '#bot/chat/surface.ts';
import type { Narrator } from '#bot/narrator.ts';
import { storable } from '#db/storable.ts';
import { chance, pick } from '../helpers/chance.ts';
import { hostile } from '../helpers/hostile.ts';
import { aFailure, anIntent, aResult } from '../helpers/house.ts';
import type { ToldHouse } from '../helpers/told-house.ts';

/** A message as it stands in the service. */
export interface Standing {
  id: string;
  text: string;
  /** The card it stands under; null for a card. */
  card: string | null;
  /** The channel it stands in, or its thread does. */
  channel: string;
}

/** Kinds of calls that delivering makes. */
export type Kind = 'post' | 'edit' | 'look' | 'open a thread';

/** What can become of a call. `slow down` asks to wait for a second. */
export const troubles = ['taken, then cut', 'taken, then 500', 'cut', '503', 'slow down'] as const;
export type Trouble = (typeof troubles)[number];

/** What somebody can do to the bot, and undo. */
export type Wrong = 'removed from the channel' | 'not allowed to write' | 'the token is revoked';

/** A surface and its fake, as both services have them. */
export interface ChatService extends AsyncDisposable {
  surface: Surface;
  /** Another channel than the home. */
  other: string;
  /** Messages that stand, oldest first. */
  standing(): Standing[];
  /** Somebody deletes a message. */
  remove(id: string): void;
  /** Everything we did that the service does not allow, and whatever pinged or linked anything. */
  mistakes(): string[];
  /** How often we called to post, edit or look for a message, in all channels or in one. */
  calls(channel?: string): number;
  /** The next call of this kind goes wrong, after those that were told before, and `well` that go well. */
  next(kind: Kind, trouble: Trouble, well?: number): void;
  /** Somebody asks for a form, and gets it. */
  opensForm(): Promise<void>;
  wrong(what: Wrong): void;
  right(what: Wrong): void;
}

export const broken = { bet9ja: aResult('failed', aFailure('bet9ja', 'blocked')) };

/** The thread of a run whose bet9ja broke: its card, then its replies, as they begin. */
export function brokenRun(id: number): RegExp[] {
  return [new RegExp(`Run ${id} is partly done: 1/2`), /^. sportybet delivered/, /^. bet9ja broke/];
}

/** What stands in a channel, thread by thread: cards in the order they came, each with its replies in that order. */
export function threads(service: ChatService, channel = service.surface.home): string[][] {
  const all = service.standing().filter((one) => one.channel === channel);
  return all
    .filter((one) => one.card === null)
    .map((card) => [card.text, ...all.filter((one) => one.card === card.id).map((one) => one.text)]);
}

/** These threads stand, whole and in this order, and nothing else does: now, and when nothing is left to be told. */
export async function stands(
  service: ChatService,
  narrator: Narrator,
  wanted: readonly (readonly RegExp[])[],
): Promise<void> {
  const expected = wanted.map((thread) => thread.map((text) => expect.stringMatching(text) as string));
  await expect.poll(() => threads(service)).toEqual(expected);
  await isQuiet(service, narrator);
  expect(threads(service)).toEqual(expected);
}

/** Nothing is left to be told, and nothing is asked of the service for that any more. */
export async function isQuiet(service: ChatService, narrator: Narrator): Promise<void> {
  await expect.poll(() => narrator.speaks()).toBe(true);
  await narrator.catchUp();
  const calls = service.calls();
  await narrator.catchUp();
  expect(service.calls()).toBe(calls);
}

/** Refused, put right by a person, told: without a restart, each thing once, in order. */
export function testHealing({ house, narrate }: ToldHouse, open: () => Promise<ChatService>): void {
  describe('what a person has put right', () => {
    it.each<Wrong>(['removed from the channel', 'not allowed to write', 'the token is revoked'])(
      'is told by itself, each thing once and in order, after: %s',
      async (what) => {
        await using service = await open();
        service.wrong(what);
        const narrator = narrate([service.surface]);
        for (let run = 0; run < 3; run += 1) await house.runs.start(anIntent(), ['sportybet', 'bet9ja']);
        await house.workAll(broken);
        await expect.poll(() => service.calls()).toBeGreaterThan(2);
        expect(service.standing()).toEqual([]);
        service.right(what);
        await stands(service, narrator, [1, 2, 3].map(brokenRun));
        expect(service.mistakes()).toEqual([]);
      },
    );
  });
}

/** How long a storm may take on a busy machine, milliseconds. */
const STORM_MS = 90_000;

/** Lost answers, cuts, errors and slow-downs, by chance: everything arrives once, in order, and forms open meanwhile. */
export function testStorms(
  { house, narrate, silence }: ToldHouse,
  open: () => Promise<ChatService>,
  kinds: readonly Kind[],
): void {
  describe('a storm of troubles', () => {
    it.each([1, 2])(
      'loses nothing, doubles nothing, and keeps the order of everything (seed %i)',
      async (seed) => {
        await using service = await open();
        const random = chance(seed);
        const stir = (count: number) => {
          for (let made = 0; made < count; made += 1) service.next(pick(random, kinds), pick(random, troubles));
        };
        const narrator = narrate([service.surface]);
        for (let run = 1; run <= 4; run += 1) {
          stir(5);
          await house.runs.start(anIntent(), ['sportybet', 'bet9ja']);
          await service.opensForm();
          if (run % 2 === 0) await house.workAll(broken);
        }
        await stands(service, narrator, [1, 2, 3, 4].map(brokenRun));
        stir(5);
        await house.runs.retry(anIntent(), { run: 2, platforms: ['bet9ja'], pressed: false });
        await house.workAll();
        const replies = brokenRun(2).slice(1);
        const again = [/Run 5 retried bet9ja/, /^. bet9ja works again/];
        const retried = [/Run 2: 2\/2 platforms complete after 1 retry/, ...replies, ...again];
        await stands(service, narrator, [brokenRun(1), retried, brokenRun(3), brokenRun(4)]);
        expect(service.mistakes()).toEqual([]);
      },
      STORM_MS,
    );
  });

  describe('a process that ended in the middle', () => {
    it.each(['card', 'first reply', 'last reply'])(
      'is followed by one that tells only the rest: %s',
      async (where) => {
        await using service = await open();
        const before = ['card', 'first reply', 'last reply'].indexOf(where);
        await house.runs.start(anIntent(), ['sportybet', 'bet9ja']);
        await house.workAll(broken);
        service.next('post', 'taken, then cut', before);
        const first = narrate([service.surface], { waits: { firstMs: 60_000, longestMs: 60_000 } });
        await expect.poll(() => first.speaks()).toBe(true);
        await expect.poll(() => service.standing()).toHaveLength(before + 1);
        await silence();
        await stands(service, narrate([service.surface]), [brokenRun(1)]);
        expect(service.mistakes()).toEqual([]);
        // A process that is to end does not wait for its next try.
      },
      30_000,
    );
  });

  describe('one trouble', () => {
    it.each(kinds.flatMap((kind) => troubles.map((trouble) => [kind, trouble] as const)))(
      'neither loses nor doubles anything: %s %s',
      async (kind, trouble) => {
        await using service = await open();
        const narrator = narrate([service.surface]);
        service.next(kind, trouble);
        // A look is only taken after a post whose fate is not known.
        if (kind === 'look') service.next('post', 'taken, then cut');
        await house.runs.start(anIntent(), ['sportybet', 'bet9ja']);
        // A card that was told before its run ended is edited.
        if (kind === 'edit') await expect.poll(() => service.standing()).toHaveLength(1);
        await house.workAll(broken);
        await stands(service, narrator, [brokenRun(1)]);
        expect(service.mistakes()).toEqual([]);
      },
    );
  });
}

/** Whoever asks and whatever breaks: what they write is shown, and does nothing. */
export function testHostileRuns({ house, narrate }: ToldHouse, open: () => Promise<ChatService>): void {
  describe('a run of people and sites that wish us ill', () => {
    it(
      'is told, retried, muted and cancelled in words that ping nobody and link nowhere',
      async () => {
        await using service = await open();
        const narrator = narrate([service.surface]);
        for (const [index, wild] of worst.entries()) {
          const name = storable(wild);
          const eve = anIntent({ actor: { surface: 'slack', id: name.slice(0, 40), name } });
          const another = () => ({ ...eve, id: `${eve.id}/${++others}` });
          const { runId } = (await house.runs.start(eve, ['sportybet', 'bet9ja'])) as { runId: number };
          if (index % 5 === 4) await house.cancel(another(), runId);
          await house.workAll({ bet9ja: aResult('failed', aFailure('bet9ja', 'drifted', { detail: wild })) });
          if (index % 5 === 0) await house.runs.retry(another(), { run: runId, platforms: ['bet9ja'], pressed: false });
          if (index === 7) await house.mutes.mute(another(), { platform: 'bet9ja', until: null, run: null });
        }
        await house.workAll({
          bet9ja: aResult('failed', aFailure('bet9ja', 'blocked', { detail: hostile.join(' ').slice(0, 2_000) })),
        });
        await expect.poll(() => threads(service)).toHaveLength(worst.length);
        await isQuiet(service, narrator);
        expect(service.mistakes()).toEqual([]);
      },
      STORM_MS,
    );
  });
}

let others = 0;
/** Those that try to do something; what is only long is for the tests of drawing. */
const worst = hostile.slice(0, 13);
