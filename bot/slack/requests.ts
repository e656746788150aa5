/** Slack's payloads as requests. Their ids are the same however often Slack delivers them: what is done, is done once. */
import { createHash } from 'node:crypto';
import type { Asked, Spot } from '#bot/chat/surface.ts';
import { encodeAction } from '#bot/chat/actions.ts';
import type { types } from '@slack/bolt';
import type { BlockAction, MessageShortcut, SlashCommand, ViewSubmitAction } from '@slack/bolt';
import { PRESS } from './buttons.ts';
import { chosenIn, writtenIn } from './form.ts';
import { POST_EVENT, runOfBlock } from './post-name.ts';
import type { Origin, Seal } from './seal.ts';
import { unescapeMrkdwn } from './text.ts';

/** A request as it was heard, before it is known who the person is. */
export interface Heard {
  id: string;
  user: string;
  /** The workspace of the person, when the payload tells; else null. */
  userTeam: string | null;
  /** True when the payload itself says that a bot speaks. */
  bot: boolean;
  team: string;
  origin: Origin;
  asked: Asked;
}

const NOWHERE: Origin = { channel: '', thread: null };

/** `/scrape <words>`. Slack sends a command once; its trigger is unique to it. */
export function heardCommand(command: SlashCommand): Heard {
  return {
    id: idOf('command', command.team_id, command.channel_id, command.user_id, command.trigger_id),
    user: command.user_id,
    userTeam: null,
    bot: false,
    team: command.team_id,
    origin: { channel: command.channel_id, thread: null },
    asked: { kind: 'words', text: command.text ?? '' },
  };
}

/** A pressed button or a chosen option; null when it is none of ours, such as a link's. */
export function heardPress(body: BlockAction, seal: Seal): Heard | null {
  const [action] = body.actions;
  if (action === undefined || !action.action_id.startsWith(PRESS)) return null;
  const value = action.type === 'button' ? action.value : null;
  const chosen = action.type === 'static_select' ? action.selected_option?.value : null;
  const { origin, on } = placeOfPress(body, seal);
  const team = body.team?.id ?? body.user.team_id ?? '';
  const message = body.message?.ts ?? body.view?.id ?? '';
  return {
    id: idOf(
      'press',
      team,
      origin.channel,
      message,
      action.action_id,
      value ?? chosen ?? '',
      body.user.id,
      action.action_ts,
    ),
    user: body.user.id,
    userTeam: body.user.team_id ?? null,
    bot: false,
    team,
    origin,
    asked: { kind: 'press', action: value ?? chosen ?? '', on },
  };
}

/** A submitted form. Its hash changes with each submission of the same modal, and stays through redelivery. */
export function heardSubmit(body: ViewSubmitAction, seal: Seal): Heard {
  const team = body.team?.id ?? body.user.team_id ?? '';
  const form = body.view.callback_id;
  const origin = seal.readOrigin(body.view.private_metadata, { user: body.user.id, form });
  return {
    id: idOf('submit', team, body.view.id, body.view.hash, body.user.id),
    user: body.user.id,
    userTeam: body.user.team_id ?? null,
    bot: false,
    team,
    origin: origin ?? NOWHERE,
    asked: {
      kind: 'submit',
      action: form,
      chosen: chosenIn(body.view.state.values),
      text: writtenIn(body.view.state.values),
      on: { kind: origin === null ? 'foreign' : 'private' },
    },
  };
}

/** `@bot retry 42 bet9ja`, which is how commands are typed in a thread; null when nobody in particular said it. */
export function heardMention(event: types.AppMentionEvent, eventId: string, teamId: string): Heard | null {
  if (event.user === undefined) return null;
  return {
    id: idOf('mention', eventId),
    user: event.user,
    userTeam: event.user_team ?? event.team ?? null,
    bot: event.bot_id !== undefined || event.subtype === 'bot_message',
    team: teamId,
    origin: { channel: event.channel, thread: event.thread_ts ?? null },
    asked: { kind: 'words', text: unescapeMrkdwn(event.text.replace(/^\s*<@[^>]*>[:,]?/, '')).trim() },
  };
}

/** The shortcut on a message: retries what failed in the run the message tells of; null when it tells of none. */
export function heardShortcut(body: MessageShortcut): Heard | null {
  const run = runOf(body.message);
  if (run === null) return null;
  const team = body.team?.id ?? body.user.team_id ?? '';
  return {
    id: idOf('shortcut', team, body.channel.id, body.message_ts, body.user.id, body.action_ts),
    user: body.user.id,
    userTeam: body.user.team_id ?? null,
    bot: false,
    team,
    origin: { channel: body.channel.id, thread: threadOf(body.message) },
    asked: {
      kind: 'press',
      action: encodeAction({ kind: 'retry', run, platform: null }),
      on: { kind: 'post', ref: { channel: body.channel.id, ts: body.message_ts } },
      lasting: true,
    },
  };
}

function idOf(kind: string, ...parts: string[]): string {
  return `${kind}:${createHash('sha256').update(JSON.stringify(parts)).digest('base64url')}`;
}

/** Where somebody pressed, and on what: in a modal, in an answer only they see, or on a message in the channel. */
function placeOfPress(body: BlockAction, seal: Seal): { origin: Origin; on: Spot } {
  const user = body.user.id;
  if (body.view !== undefined) {
    const origin = seal.readOrigin(body.view.private_metadata, { user, form: body.view.callback_id });
    return { origin: origin ?? NOWHERE, on: { kind: origin === null ? 'foreign' : 'private' } };
  }
  const channel = body.channel?.id ?? '';
  const origin = { channel, thread: threadOf(body.message ?? {}) };
  const block = body.actions[0]?.block_id ?? '';
  if (seal.isMarked(block, user, channel)) return { origin, on: { kind: 'private' } };
  const ts: unknown = body.message?.ts ?? body.container['message_ts'];
  if (typeof ts !== 'string' || body.container['is_ephemeral'] === true) return { origin, on: { kind: 'foreign' } };
  return { origin, on: { kind: 'post', ref: { channel, ts } } };
}

function threadOf(message: Record<string, unknown>): string | null {
  return typeof message['thread_ts'] === 'string' ? message['thread_ts'] : null;
}

/** By the metadata where Slack sends it along, else by the ids of the blocks. */
function runOf(message: Record<string, unknown>): number | null {
  const metadata = message['metadata'] as { event_type?: unknown; event_payload?: { run?: unknown } } | undefined;
  if (metadata?.event_type === POST_EVENT && typeof metadata.event_payload?.run === 'number') {
    return metadata.event_payload.run;
  }
  const blocks = Array.isArray(message['blocks']) ? (message['blocks'] as { block_id?: unknown }[]) : [];
  for (const { block_id } of blocks) {
    const run = typeof block_id === 'string' ? runOfBlock(block_id) : null;
    if (run !== null) return run;
  }
  return null;
}
