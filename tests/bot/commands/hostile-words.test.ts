import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Asked, Reply } from '#bot/chat/surface.ts';
import { answerRequest } from '#bot/commands/index.ts';
import { commandServices } from '../../helpers/command-services.ts';
import { chance, pick } from '../../helpers/chance.ts';
import { drawForm, expectLiteral } from '../../contracts/literal.ts';
import { testDatabase } from '../../helpers/database.ts';
import { emptyHouse } from '../../helpers/empty-house.ts';
import { aFailure, anIntent, aResult, openHouse } from '../../helpers/house.ts';
import { hostile } from '../../helpers/hostile.ts';

const { url } = await testDatabase();
const house = await openHouse(url);
const services = commandServices(house, new Set());

afterAll(() => house[Symbol.asyncDispose]());
beforeEach(() => emptyHouse(house.db));

/** Somebody of whom nothing can be trusted, whatever they ask. */
function ask(asked: Asked, wild: string): Promise<Reply> {
  const actor = { surface: 'slack', id: 'U0EVE', name: wild };
  const place = { team: wild, channel: wild, groups: [wild], unknownGroups: [wild], stranger: false };
  return answerRequest({ ...anIntent(), actor, place, asked }, services);
}

async function answered(asked: Asked, wild: string): Promise<string> {
  const reply = await ask(asked, wild);
  if (reply.kind === 'form') {
    drawForm(reply.form);
    return reply.form.intro;
  }
  expectLiteral(reply.message, false);
  return reply.message.title;
}

/** Every command, with something that was never meant to be typed there. */
const lines = [
  '{}',
  'now {}',
  'retry {}',
  'retry 1 {}',
  'accept 1 bet9ja because {}',
  'accept {}',
  'missing 1 {}',
  'export 1 {}',
  'history {}',
  'schedule pause {}',
  'cancel {}',
  'mute {}',
  'mute bet9ja {}',
  'unmute {}',
  'note {} until 14:00',
  'note end {}',
  'note',
  'backfill {}',
  'status',
  'whoami',
  'help {}',
];

describe('what somebody types who wishes us ill', () => {
  it('is answered in words that both services take and show letter by letter, whoever it is', async () => {
    await house.runs.start(anIntent(), ['sportybet', 'bet9ja']);
    await house.workAll({
      bet9ja: aResult('failed', aFailure('bet9ja', 'blocked', { detail: hostile.join(' ').slice(0, 4_000) })),
    });
    const random = chance(5);
    for (const line of lines) {
      for (let round = 0; round < 8; round += 1) {
        const wild = pick(random, hostile).slice(0, 800);
        const text = line.replace('{}', () => wild);
        expect(await answered({ kind: 'words', text }, wild)).not.toBe('');
      }
    }
  });

  it('cannot press or send anything that is not ours', async () => {
    await house.runs.start(anIntent(), ['sportybet', 'bet9ja']);
    await house.workAll({ bet9ja: aResult('failed', aFailure('bet9ja', 'blocked')) });
    for (const wild of hostile) {
      for (const action of [wild, `v1:retry:1:${wild}`, 'v1:choose:1', 'v1:mute:1:bet9ja']) {
        await answered({ kind: 'press', action, on: { kind: 'private' } }, wild);
      }
      const chosen = { action: 'v1:choose:1', chosen: [wild, wild], text: wild, on: { kind: 'private' as const } };
      await answered({ kind: 'submit', ...chosen }, wild);
    }
  });
});
