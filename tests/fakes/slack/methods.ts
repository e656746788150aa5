/** The methods of the Web API that the bot may use. Each gives Slack's answer, and refuses what Slack refuses. */
import { checkLiteral, checkMessage, checkView } from './check-message.ts';
import { fileMethods } from './files.ts';
import type { State, StoredMessage } from './state.ts';

type Json = Record<string, unknown>;
export type Answer = Json & { ok: boolean };

/** How long a trigger can open a form, milliseconds. */
const TRIGGER_MS = 3_000;

/** One method of the Web API. */
export interface Method {
  /** Scope of the bot token; `null` for none. */
  scope: string | null;
  needs: string[];
  call(args: Json, state: State): Answer;
}

/** Every method there is; anything else is `unknown_method`. */
export const methods: Record<string, Method> = {
  'auth.test': {
    scope: null,
    needs: [],
    call: (_args, state) => ({
      ok: true,
      team: 'Acme',
      url: 'https://acme.slack.com/',
      team_id: state.team,
      user: 'rescrape',
      user_id: state.bot.user,
      bot_id: state.bot.id,
    }),
  },
  'bots.info': {
    scope: 'users:read',
    needs: ['bot'],
    call: (_args, state) => ({ ok: true, bot: { id: state.bot.id, app_id: state.bot.app } }),
  },
  'chat.postMessage': { scope: 'chat:write', needs: ['channel'], call: postMessage },
  'chat.update': { scope: 'chat:write', needs: ['channel', 'ts'], call: update },
  'chat.postEphemeral': { scope: 'chat:write', needs: ['channel', 'user'], call: postEphemeral },
  'conversations.history': {
    scope: 'channels:history',
    needs: ['channel'],
    call: (args, state) =>
      channelFault(args, state) ??
      page(
        state.messages
          .filter((one) => one.channel === args['channel'] && (one.thread === null || one.broadcast) && isShown(one))
          .reverse(),
        args,
      ),
  },
  'conversations.replies': {
    scope: 'channels:history',
    needs: ['channel', 'ts'],
    call(args, state) {
      const inThread = state.messages.filter((one) => one.ts === args['ts'] || one.thread === args['ts']);
      const fault = channelFault(args, state);
      if (fault !== null) return fault;
      return inThread.length === 0 ? no('thread_not_found') : page(inThread.filter(isShown), args);
    },
  },
  'conversations.info': {
    scope: 'channels:read',
    needs: ['channel'],
    call(args, state) {
      const channel = state.channels.get(String(args['channel']));
      if (channel === undefined || channel.deleted) return no('channel_not_found');
      const { member, archived } = channel;
      return { ok: true, channel: { id: args['channel'], name: 'scrapes', is_member: member, is_archived: archived } };
    },
  },
  ...fileMethods,
  'views.open': { scope: null, needs: ['trigger_id', 'view'], call: openView },
  'users.info': {
    scope: 'users:read',
    needs: ['user'],
    call(args, state) {
      const member = state.members.get(String(args['user']));
      if (member === undefined) return no('user_not_found');
      return { ok: true, user: { ...member, real_name: member.name, profile: { display_name: member.name } } };
    },
  },
  'usergroups.users.list': {
    scope: 'usergroups:read',
    needs: ['usergroup'],
    call(args, state) {
      const members = state.groups.get(String(args['usergroup']));
      return members === undefined ? no('no_such_subteam') : { ok: true, users: [...members] };
    },
  },
};

function postMessage(args: Json, state: State): Answer {
  const fault = channelFault(args, state);
  if (fault !== null) return fault;
  const checked = checkMessage(args, { text: 40_000, update: false });
  if (checked.error !== null) return reject(state, 'chat.postMessage', checked.error, checked.faults);
  const loose = checkLiteral(args, 'post');
  if (loose.length > 0) return reject(state, 'chat.postMessage', 'invalid_arguments', loose);
  const thread = args['thread_ts'];
  if (thread === undefined && args['reply_broadcast'] !== undefined)
    return reject(state, 'chat.postMessage', 'invalid_arguments', ['reply_broadcast is for replies']);
  if (thread !== undefined) {
    if (typeof thread !== 'string' || !/^\d{10}\.\d{6}$/.test(thread))
      return reject(state, 'chat.postMessage', 'invalid_thread_ts', []);
    const parent = state.messages.find((one) => one.ts === thread && one.channel === args['channel']);
    if (parent === undefined || parent.deleted) return no('thread_not_found');
    if (parent.thread !== null) return reject(state, 'chat.postMessage', 'invalid_thread_ts', ['a reply is no parent']);
  }
  const message: StoredMessage = {
    channel: String(args['channel']),
    ts: state.ts(),
    thread: typeof thread === 'string' ? thread : null,
    user: state.bot.user,
    text: textOf(args['text']),
    blocks: (args['blocks'] ?? []) as Json[],
    metadata: (args['metadata'] as Json | undefined) ?? null,
    broadcast: args['reply_broadcast'] === 'true',
    hiddenLooks: state.hiddenLooks,
    files: [],
    seen: checked.seen,
    effects: checked.effects,
    edits: 0,
    deleted: false,
  };
  state.messages.push(message);
  return { ok: true, channel: message.channel, ts: message.ts, message: { ts: message.ts, text: message.text } };
}

function update(args: Json, state: State): Answer {
  const fault = channelFault(args, state);
  if (fault !== null) return fault;
  const message = state.messages.find((one) => one.ts === args['ts'] && one.channel === args['channel']);
  if (message === undefined || message.deleted) return no('message_not_found');
  if (message.user !== state.bot.user) return no('cant_update_message');
  if (state.channels.get(message.channel)?.editable === false) return no('edit_window_closed');
  const checked = checkMessage(args, { text: 4_000, update: true });
  if (checked.error !== null) return reject(state, 'chat.update', checked.error, checked.faults);
  const loose = checkLiteral(args, 'edit');
  if (loose.length > 0) return reject(state, 'chat.update', 'invalid_arguments', loose);
  message.text = textOf(args['text']);
  message.blocks = args['blocks'] as Json[];
  if (args['metadata'] !== undefined) message.metadata = args['metadata'] as Json;
  message.seen = checked.seen;
  message.effects = checked.effects;
  message.edits += 1;
  return { ok: true, channel: message.channel, ts: message.ts, text: message.text };
}

function postEphemeral(args: Json, state: State): Answer {
  const fault = channelFault(args, state);
  if (fault !== null) return fault;
  if (!state.members.has(String(args['user']))) return no('user_not_in_channel');
  const checked = checkMessage(args, { text: 40_000, update: false });
  if (checked.error !== null) return reject(state, 'chat.postEphemeral', checked.error, checked.faults);
  const loose = checkLiteral(args, 'private');
  if (loose.length > 0) return reject(state, 'chat.postEphemeral', 'invalid_arguments', loose);
  const thread = typeof args['thread_ts'] === 'string' ? args['thread_ts'] : null;
  const { seen } = checked;
  state.privately.push({
    user: String(args['user']),
    channel: String(args['channel']),
    thread,
    seen,
    blocks: (args['blocks'] ?? []) as Json[],
  });
  return { ok: true, message_ts: state.ts() };
}

function openView(args: Json, state: State): Answer {
  const trigger = state.triggers.get(String(args['trigger_id']));
  if (trigger === undefined) return no('invalid_trigger_id');
  if (trigger.used) return no('exchanged_trigger_id');
  if (performance.now() - trigger.at > TRIGGER_MS) return no('expired_trigger_id');
  const checked = checkView(args['view'] as Json);
  if (checked.error !== null) return reject(state, 'views.open', checked.error, checked.faults);
  trigger.used = true;
  const view = { id: state.id('V'), hash: state.id('hash'), view: args['view'] as Json, seen: checked.seen };
  state.views.push(view);
  return { ok: true, view: { id: view.id, hash: view.hash } };
}

/** Whether the bot may speak in a channel. */
export function channelFault(args: Json, state: State): Answer | null {
  const channel = state.channels.get(String(args['channel']));
  if (channel === undefined || channel.deleted) return no('channel_not_found');
  if (channel.archived) return no('is_archived');
  return channel.member ? null : no('not_in_channel');
}

function page(messages: StoredMessage[], args: Json): Answer {
  const from = Number(args['cursor'] ?? 0);
  const limit = Math.min(1_000, Number(args['limit'] ?? 100));
  const metadata = args['include_all_metadata'] === 'true';
  const shown = messages.slice(from, from + limit).map((one) => ({
    type: 'message',
    ts: one.ts,
    thread_ts: one.thread ?? undefined,
    text: one.text,
    blocks: one.blocks,
    metadata: metadata ? (one.metadata ?? undefined) : undefined,
    files: one.files.length === 0 ? undefined : one.files,
  }));
  const more = messages.length > from + limit;
  return {
    ok: true,
    messages: shown,
    has_more: more,
    response_metadata: { next_cursor: more ? String(from + limit) : '' },
  };
}

/** Whether a look-up shows a message; each look brings it nearer to being seen. */
function isShown(message: StoredMessage): boolean {
  message.hiddenLooks -= 1;
  return !message.deleted && message.hiddenLooks < 0;
}

function textOf(text: unknown): string {
  return typeof text === 'string' ? text : '';
}

function no(error: string): Answer {
  return { ok: false, error };
}

function reject(state: State, method: string, error: string, faults: string[]): Answer {
  state.rejected.push(`${method}: ${error}${faults.map((fault) => `; ${fault}`).join('')}`);
  return { ok: false, error, response_metadata: { messages: faults.map((fault) => `[ERROR] ${fault}`) } };
}
