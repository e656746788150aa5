import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '#bot/log.ts';
import { startNarrator, type Narrator } from '#bot/narrator.ts';
import type { Route } from '#bot/runs/routes.ts';
import type { Fault } from '../../fakes/slack/index.ts';
import { testDatabase } from '../../helpers/database.ts';
import { emptyHouse } from '../../helpers/empty-house.ts';
import { aTelling } from '../../helpers/facts.ts';
import { aFailure, anIntent, aResult, openHouse } from '../../helpers/house.ts';
import { openSlack, type OpenSlack } from './open-slack.ts';

const { url, database } = await testDatabase();
const house = await openHouse(url);
const { db, runs } = house;
let narrators: Narrator[] = [];
let opened: OpenSlack[] = [];

afterAll(() => house[Symbol.asyncDispose]());
afterEach(async () => {
  await Promise.all(narrators.map((narrator) => narrator.stop()));
  for (const one of opened) expect(one.slack.state.rejected).toEqual([]);
  await Promise.all(opened.map((one) => one[Symbol.asyncDispose]()));
  [narrators, opened] = [[], []];
});
beforeEach(async () => {
  await emptyHouse(db);
});

async function open(given: Parameters<typeof openSlack>[0] = {}): Promise<OpenSlack> {
  const one = await openSlack(given);
  opened = [...opened, one];
  await expect.poll(() => one.surface.state().kind).toBe('up');
  return one;
}

function narrate({ surface }: OpenSlack, routes: Route[] = []): Narrator {
  const narrator = startNarrator({
    database,
    surfaces: [surface],
    routes,
    telling: (now) => aTelling({ now }),
    revisitMs: 600_000,
    onChain: () => {},
    onRole: () => {},
    log: createLog('silent', 'test'),
  });
  narrators = [...narrators, narrator];
  return narrator;
}

async function aBrokenRun(): Promise<void> {
  await runs.start(anIntent(), ['sportybet', 'bet9ja']);
  await house.workAll({ bet9ja: aResult('failed', aFailure('bet9ja', 'blocked')) });
}

const three = [/partly done: 1\/2/, /sportybet delivered/, /bet9ja broke/];

/** The card and what stands under it, each once. */
async function isTold({ slack }: OpenSlack, titles: readonly RegExp[] = three): Promise<void> {
  await expect
    .poll(() => slack.standing().map((one) => one.seen))
    .toEqual(titles.map((title) => expect.stringMatching(title) as string));
}

describe('a run told in Slack', () => {
  it.each<[string, Fault]>([
    ['the connection is cut after Slack took it', { kind: 'cut' }],
    ['Slack answers 500 after it took it', { kind: 'http', status: 500, accept: true }],
    ['Slack answers 503 without taking it', { kind: 'http', status: 503, accept: false }],
    ['Slack asks to slow down', { kind: 'rate_limited', retryAfter: 1 }],
  ])('has each post once, though %s', async (_what, fault) => {
    const one = await open();
    await aBrokenRun();
    one.slack.fail('chat.postMessage', fault);
    narrate(one);
    await isTold(one);
    const [card, ...replies] = one.slack.standing();
    expect(replies.map((reply) => reply.thread)).toEqual([card?.ts, card?.ts]);
  });

  it('is told as soon as the bot token is taken again, however long it was to be left alone', async () => {
    const one = await open({ timing: { remedyMs: 3_600_000 } });
    one.slack.state.revoked.bot = true;
    narrate(one);
    await aBrokenRun();
    await expect.poll(() => one.surface.state().kind).toBe('down');
    expect(one.slack.standing()).toEqual([]);
    one.slack.state.revoked.bot = false;
    await expect.poll(() => one.surface.state().kind).toBe('up');
    await isTold(one);
  });

  it('is told once more when somebody deleted its card', async () => {
    const one = await open();
    narrate(one);
    await runs.start(anIntent(), ['sportybet']);
    await isTold(one, [/Run 1/]);
    const [card] = one.slack.standing();
    if (card === undefined) throw new Error('there is no card');
    card.deleted = true;
    await house.workAll();
    await isTold(one, [/Run 1 is complete/, /sportybet delivered/]);
    expect(one.slack.standing()[1]?.thread).toBe(one.slack.standing()[0]?.ts);
  });

  it('carries a button whose press is one request', async () => {
    const one = await open();
    narrate(one);
    await aBrokenRun();
    await isTold(one);
    const broken = one.slack.saying('bet9ja broke');
    const pressed = await one.slack.person.press(broken.ts, 'v1:retry:1:bet9ja');
    await pressed.again();
    expect(one.asked.map((request) => request.asked)).toMatchObject([
      { kind: 'press', action: 'v1:retry:1:bet9ja' },
      { kind: 'press', action: 'v1:retry:1:bet9ja' },
    ]);
    expect(new Set(one.asked.map((request) => request.id)).size).toBe(1);
  });

  it('stands in every channel it is routed to, and what broke is shown in each channel once', async () => {
    const one = await open();
    narrate(one, [{ surface: 'slack', channel: 'C0OPS', statuses: ['partial'] }]);
    await aBrokenRun();
    for (const channel of ['C0RUNS', 'C0OPS']) {
      const there = () => one.slack.standing().filter((message) => message.channel === channel);
      await expect
        .poll(() => there().map((message) => message.seen))
        .toEqual(three.map((title) => expect.stringMatching(title) as string));
      expect(there().map((message) => message.broadcast)).toEqual([false, false, true]);
      expect(there().map((message) => message.thread)).toEqual([null, there()[0]?.ts, there()[0]?.ts]);
    }
    const broken = one.slack.standing().find((message) => message.channel === 'C0OPS' && message.broadcast);
    await one.slack.person.press(broken?.ts ?? '', 'v1:retry:1:bet9ja');
    expect(one.asked[0]?.place.channel).toBe('C0OPS');
  });

  it('is shown to the channel once, though the answer to it was lost', async () => {
    const one = await open();
    await aBrokenRun();
    narrate(one);
    await expect.poll(() => one.slack.standing().length).toBeGreaterThanOrEqual(2);
    one.slack.fail('chat.postMessage', { kind: 'cut' });
    await isTold(one);
    expect(one.slack.standing().filter((message) => message.broadcast)).toHaveLength(1);
  });
});
