/** What goes wrong around the processes: sites, services, and people who press more than once. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Mood } from '../demo-sites/index.ts';
import type { ChatHouse } from '../helpers/chat-house.ts';
import { pick } from '../helpers/chance.ts';

const moods: readonly Mood[] = ['ok', 'ok', 'flaky', 'breaks', 'blocked', 'down'];
const books = ['sportybet', 'bet9ja', 'betpawa'] as const;
const slackMethods = ['chat.postMessage', 'chat.postMessage', 'chat.update', 'conversations.replies'];
const discordRoutes = [
  'POST /channels/:id/messages',
  'POST /channels/:id/messages',
  'PATCH /channels/:id/messages/:message',
  'POST /channels/:id/messages/:message/threads',
];

/**
 * How often people start runs and press buttons, milliseconds. A channel of Slack takes one post a second, and bots that are
 * killed or frozen every few seconds post less: with a run every seven seconds, all that was left at the end was posts that
 * waited for their second, up to three minutes of them.
 */
const RUN_EVERY_MS = 25_000;
const PRESS_EVERY_MS = 10_000;

/** What people pressed. */
export interface Asked {
  /** Of each press that was taken: what the person was told since. */
  taken: (() => string[])[];
  refused: number;
  /** How often the same press was delivered once more. */
  again: number;
}

/** Sites change their moods. */
export async function changeMoods({ sites }: ChatHouse, random: () => number, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    sites.sites[pick(random, books)].setMood(pick(random, moods));
    await nap(800 + 1_500 * random(), over);
  }
  for (const book of books) sites.sites[book].setMood('ok');
}

/** Slack and Discord refuse, ask to wait, and break off after they have taken something. */
export async function failServices(house: ChatHouse, random: () => number, over: AbortSignal): Promise<void> {
  const { slack, discord } = house;
  // What waits for its call is not made more: a service that does nothing but fail says nothing about the rest.
  const waiting = () => [...slack.state.faults.values()].flat().length + discord.faults.left();
  while (!over.aborted) {
    await nap(500 + 1_000 * random(), over);
    if (waiting() >= 2) continue;
    const kind = pick(random, ['rate', 'refused', 'taken', 'cut'] as const);
    if (random() < 0.5) {
      const fault = {
        rate: { kind: 'rate_limited', retryAfter: 1 },
        refused: { kind: 'http', status: 503, accept: false },
        taken: { kind: 'http', status: 500, accept: true },
        cut: { kind: 'cut' },
      } as const;
      slack.fail(pick(random, slackMethods), fault[kind]);
    } else {
      const fault = {
        rate: { kind: 'rate', seconds: 1 },
        refused: { kind: 'status', status: 503, after: false },
        taken: { kind: 'status', status: 500, after: true },
        cut: { kind: 'cut', after: true },
      } as const;
      discord.faults.arm(pick(random, discordRoutes), fault[kind]);
    }
  }
  slack.heal();
  discord.faults.heal();
}

/** People start runs. */
export async function startRuns(house: ChatHouse, random: () => number, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    const named = random() < 0.4 ? '' : pick(random, books);
    if (random() < 0.5) await house.slack.person.command(`now ${named}`.trim()).catch(() => null);
    else await house.discord.people.command('now', named === '' ? {} : { platforms: named }).catch(() => null);
    await nap(RUN_EVERY_MS * (0.7 + 0.6 * random()), over);
  }
}

/** People press what can be pressed, twice, and what they pressed is delivered several times. */
export async function pressButtons(
  house: ChatHouse,
  random: () => number,
  over: AbortSignal,
  asked: Asked,
): Promise<void> {
  while (!over.aborted) {
    await (random() < 0.6 ? pressInSlack(house, random, asked) : pressInDiscord(house, random, asked));
    await nap(PRESS_EVERY_MS * (0.7 + 0.6 * random()), over);
  }
}

async function pressInSlack({ slack }: ChatHouse, random: () => number, asked: Asked): Promise<void> {
  const found = slack
    .standing()
    .flatMap(({ ts, blocks }) => actionsIn(blocks).map((action) => ({ ts, action, blocks })));
  if (found.length === 0) return;
  const { ts, action, blocks } = pick(random, found.slice(-20));
  const shown = structuredClone(blocks);
  for (let person = 0; person < 2; person += 1) {
    const pressed = await slack.person.press(ts, action, { shown }).catch(() => null);
    if (pressed?.acked !== true) asked.refused += 1;
    else asked.taken.push(() => pressed.answers().map(({ seen }) => seen));
    for (let times = 0; pressed !== null && times < 3; times += 1) {
      asked.again += 1;
      await pressed.again().catch(() => null);
    }
  }
}

async function pressInDiscord({ discord }: ChatHouse, random: () => number, asked: Asked): Promise<void> {
  const found = [...discord.world.messages.values()].flatMap(({ id, components }) =>
    actionsIn(components).map((action) => ({ id, action })),
  );
  if (found.length === 0) return;
  const { id, action } = pick(random, found.slice(-20));
  for (let person = 0; person < 2; person += 1) {
    // It waits for an answer as long as a person would; what was taken is answered.
    const answer = discord.people.press(id, action).catch(() => null);
    for (let times = 0; times < 3; times += 1) {
      asked.again += 1;
      discord.people.redeliver();
    }
    const outcome = await answer;
    if (outcome?.kind !== 'message') asked.refused += 1;
    else asked.taken.push(() => [outcome.text]);
  }
}

/** The retries that can be pressed in what a message is made of. */
function actionsIn(parts: unknown): string[] {
  return [...new Set(JSON.stringify(parts).match(/v1:retry:\d+:[a-z0-9_-]+/g))];
}

async function nap(ms: number, over: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: over }).catch(() => {});
}
