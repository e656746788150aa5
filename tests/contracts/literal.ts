/** A message drawn for both chat services, held against the strict rules of each: what it shows, and what it would do. */
import { expect } from 'vitest';
import { oneLine } from '#bot/chat/escape.ts';
import type { Form, Message } from '#bot/chat/message.ts';
import { mentioned, toComponents } from '#bot/discord/components.ts';
import { toModal } from '#bot/discord/form.ts';
import { markOf } from '#bot/discord/names.ts';
import { renderMessage } from '#bot/slack/blocks.ts';
import { formView } from '#bot/slack/form.ts';
import { openSeal } from '#bot/slack/seal.ts';
import { checkCallback, checkMessage as checkForDiscord } from '../fakes/discord/checks.ts';
import { shownText } from '../fakes/discord/text.ts';
import { createWorld, type Json } from '../fakes/discord/world.ts';
import { checkMessage as checkForSlack, checkView } from '../fakes/slack/check-message.ts';

const name = { runId: 1, slot: 'card' };
const seal = openSeal('canary-token', 'here');

/** Longest text that both services show whole wherever it stands, characters. */
const WHOLE = 140;
/** Lines that both services show whole, whatever they say. */
const FEW = 8;

/** What people see of a message in each service. Throws when one would refuse it, or if it did more than be read. */
export function drawn(message: Message, card: boolean): { slack: string; discord: string } {
  return { slack: inSlack(message, card), discord: inDiscord(message) };
}

/** A message that people read as it was said: every text of it, letter by letter, in both services. */
export function expectLiteral(message: Message, card: boolean): void {
  const { slack, discord } = drawn(message, card);
  const texts = [message.title, message.quote, message.footer, ...message.lines.slice(0, FEW).map(({ text }) => text)];
  for (const text of texts) {
    const said = oneLine(text ?? '', 10_000);
    if (said.length > WHOLE || message.lines.length > FEW) continue;
    expect(slack).toContain(said);
    // Fences are pulled apart by a character that nobody sees.
    expect(discord.replaceAll('\u200b', '')).toContain(said);
  }
}

/** A form drawn for both services; throws when one would refuse it. */
export function drawForm(form: Form): void {
  const view = formView(form, { user: 'U0ADA', origin: { channel: 'C0RUNS', thread: null }, seal });
  const checked = checkView(view as unknown as Json);
  expect(checked.faults).toEqual([]);
  expect(checked.effects).toEqual({ pings: [], links: [], formats: [] });
  const world = createWorld({ token: 't', ackMs: 1 });
  checkCallback(world, { type: 9, data: toModal(form) });
  expect(world.complaints).toEqual([]);
}

function inSlack(message: Message, card: boolean): string {
  const rendered = renderMessage(message, { card, id: 'run:1:card:abc' });
  const checked = checkForSlack({ ...rendered, parse: 'none' }, { text: 4_000, update: true });
  expect(checked.faults).toEqual([]);
  expect(checked.error).toBeNull();
  const { mention } = message;
  const pings = mention?.surface === 'slack' && mention.id === 'U0ADA' ? ['<@U0ADA>'] : [];
  expect(checked.effects).toEqual({ pings, links: [], formats: [] });
  expect(checked.seen).not.toMatch(deceptive);
  return checked.seen;
}

function inDiscord(message: Message): string {
  const world = createWorld({ token: 't', ackMs: 1 });
  const components = toComponents(message, markOf('test', name)) as unknown as Json[];
  const who = mentioned(message);
  const allowed_mentions = { parse: [], ...(who === null ? {} : { users: [who] }) };
  checkForDiscord(world, { components, flags: 1 << 15, allowed_mentions, nonce: 'n', enforce_nonce: true });
  const { pings, links, notified } = world;
  const { mention } = message;
  const wanted = mention?.surface === 'discord' && mention.id === '77' ? ['77'] : [];
  expect({ pings, links, notified }).toEqual({ pings: [], links: [], notified: wanted });
  const seen = shownText({ components });
  expect(seen.replace(/`\u200b(?=`)/g, '`')).not.toMatch(deceptive);
  return seen;
}

/** Controls, direction marks and what cannot be seen; lines are ours to break. */
const deceptive = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;
