import { describe, expect, it } from 'vitest';
import { testDeadEnds } from '../../contracts/dead-ends.ts';
import { broken, brokenRun, isQuiet, stands, threads } from '../../contracts/delivery.ts';
import type { FakeChannel } from '../../fakes/discord/world.ts';
import { anIntent } from '../../helpers/house.ts';
import { toldHouse } from '../../helpers/told-house.ts';
import { discordService } from './chat-service.ts';

const told = await toldHouse();
const { house, narrate } = told;

testDeadEnds(told, (how) => discordService(how === 'patient' ? { refusedMs: 60_000 } : {}));

/** Discord with one run told in it, the thread of that run, and what follows when its retry has worked. */
async function aToldRun() {
  const service = await discordService();
  const narrator = narrate([service.surface]);
  await house.runs.start(anIntent(), ['sportybet', 'bet9ja']);
  await house.workAll(broken);
  await stands(service, narrator, [brokenRun(1)]);
  const thread = [...service.discord.world.channels.values()].find(({ type }) => type === 11);
  if (thread === undefined) throw new Error('there is no thread');
  return { service, narrator, thread };
}

async function retry(): Promise<void> {
  await house.runs.retry(anIntent(), { run: 1, platforms: ['bet9ja'], pressed: false });
  await house.workAll();
}

const complete = /Run 1: 2\/2 platforms complete after 1 retry/;

describe('a thread in Discord', () => {
  it('that was deleted is opened anew for what is new', async () => {
    const { service, narrator, thread } = await aToldRun();
    await using _ = service;
    service.discord.deleteChannel(thread.id);
    await retry();
    await stands(service, narrator, [[complete, /bet9ja broke[^]*Retried/, /Run 2 retried bet9ja/]]);
    expect(service.mistakes()).toEqual([]);
  });

  it('that was deleted and cannot be opened anew makes room for a card with another one', async () => {
    const { service, narrator, thread } = await aToldRun();
    await using _ = service;
    service.discord.world.threadsReopen = false;
    service.discord.deleteChannel(thread.id);
    await retry();
    const anew = [complete, ...brokenRun(1).slice(1), /Run 2 retried bet9ja/];
    await expect.poll(() => threads(service)[1]).toEqual(anew.map(matching));
    await isQuiet(service, narrator);
    expect(threads(service)).toHaveLength(2);
    expect(service.mistakes()).toEqual([]);
  });

  it('that was archived is opened to be gone on with', async () => {
    const { service, narrator, thread } = await aToldRun();
    await using _ = service;
    thread.archived = true;
    await retry();
    await stands(service, narrator, [[complete, ...brokenRun(1).slice(1), /Run 2 retried bet9ja/]]);
    expect(thread.archived).toBe(false);
  });

  it.each<[string, Partial<FakeChannel>]>([
    ['locked', { locked: true }],
    ['locked and archived', { locked: true, archived: true }],
  ])('that is %s is left alone, its card goes on, and so do other runs', async (_how, closed) => {
    const { service, narrator, thread } = await aToldRun();
    await using _ = service;
    Object.assign(thread, closed);
    await retry();
    await expect.poll(() => threads(service)[0]?.[0]).toMatch(complete);
    await isQuiet(service, narrator);
    expect(threads(service)[0]).toHaveLength(3);
    await house.runs.start(anIntent(), ['sportybet', 'bet9ja']);
    await house.workAll(broken);
    await expect.poll(() => threads(service)[1]).toHaveLength(3);
    await isQuiet(service, narrator);
  });
});

describe('a channel in Discord', () => {
  it('that was deleted costs a call for each message, no more, and the next channel is told', async () => {
    const { service, narrator } = await aToldRun();
    await using _ = service;
    const { discord, surface, other } = service;
    const asked = service.calls(surface.home);
    discord.deleteChannel(surface.home);
    await retry();
    await expect.poll(() => service.calls(surface.home)).toBeGreaterThan(asked);
    await isQuiet(service, narrator);
    expect(service.calls(surface.home)).toBeLessThan(asked + 12);
    await narrator.stop();
    // Whoever runs the bot names another channel: what is news is told there.
    const again = narrate([surface], { routes: [{ surface: surface.name, channel: other }] });
    await expect
      .poll(() => threads(service, other))
      .toEqual([[complete, /sportybet delivered/, /bet9ja broke/, /Run 2 retried bet9ja/].map(matching)]);
    await isQuiet(service, again);
  });

  it('whose messages another bot wrote has its runs told anew, in messages of our own', async () => {
    const { service, narrator } = await aToldRun();
    await using _ = service;
    for (const one of service.discord.world.messages.values()) one.author = { id: '1', username: 'before', bot: true };
    await retry();
    await stands(service, narrator, [brokenRun(1), [complete, ...brokenRun(1).slice(1), /Run 2 retried bet9ja/]]);
  });
});

const matching = (text: RegExp) => expect.stringMatching(text) as string;
