/** The routes of the REST API, as far as they are used. */
import type { Call } from './rest.ts';
import * as checks from './checks.ts';
import { answerCallback, answerWebhook } from './interactions.ts';
import {
  asText,
  channelJson,
  messageJson,
  Refusal,
  snowflake,
  type FakeChannel,
  type FakeMessage,
  type Json,
  type World,
} from './world.ts';

type Route = (world: World, call: Call & { body: Json }, parts: string[], query: URLSearchParams) => unknown;

const routes: readonly [method: string, path: RegExp, route: Route][] = [
  ['GET', /^\/users\/@me$/, (world) => world.bot],
  ['GET', /^\/applications\/@me$/, (world) => world.application],
  ['GET', /^\/applications\/(\d+)\/guilds\/(\d+)\/commands$/, (world, _call, [, guild]) => commandsOf(world, guild)],
  ['PUT', /^\/applications\/(\d+)\/guilds\/(\d+)\/commands$/, putCommands],
  ['GET', /^\/guilds\/(\d+)$/, (world, _call, [guild]) => guildOf(world, guild)],
  [
    'GET',
    /^\/guilds\/(\d+)\/members\/(\d+)$/,
    (world, _call, [guild]) => guildOf(world, guild) && { user: world.bot, roles: world.botRoles },
  ],
  ['GET', /^\/channels\/(\d+)$/, (world, _call, [id]) => channelJson(world, channelOf(world, id))],
  ['PATCH', /^\/channels\/(\d+)$/, patchThread],
  ['GET', /^\/channels\/(\d+)\/messages$/, listMessages],
  ['POST', /^\/channels\/(\d+)\/messages$/, createMessage],
  [
    'GET',
    /^\/channels\/(\d+)\/messages\/(\d+)$/,
    (world, _call, [channel, id]) => messageJson(messageOf(world, channel, id)),
  ],
  ['PATCH', /^\/channels\/(\d+)\/messages\/(\d+)$/, editMessage],
  ['POST', /^\/channels\/(\d+)\/messages\/(\d+)\/threads$/, openThread],
  ['POST', /^\/interactions\/(\d+)\/([^/]+)\/callback$/, answerCallback],
  ['PATCH', /^\/webhooks\/(\d+)\/([^/]+)\/messages\/@original$/, answerWebhook],
];

/** Answers a call; null stands for HTTP 204. */
export function answerRoute(world: World, call: Call, query: URLSearchParams, gatewayUrl: string): unknown {
  if (call.path === '/gateway/bot') {
    return {
      url: gatewayUrl,
      shards: 1,
      session_start_limit: { total: 1000, remaining: world.sessions, reset_after: 86_400_000, max_concurrency: 1 },
    };
  }
  for (const [method, path, route] of routes) {
    const match = method === call.method ? path.exec(call.path) : null;
    if (match !== null) return route(world, { ...call, body: (call.body ?? {}) as Json }, match.slice(1), query);
  }
  world.complaints.push(`there is no ${call.method} ${call.path}`);
  throw new Refusal(404, 0, '404: Not Found');
}

function guildOf(world: World, guild: string | undefined): Json {
  if (guild !== world.guild || !world.member) throw new Refusal(404, 10004, 'Unknown Guild');
  return { id: world.guild, name: 'a server', roles: world.roles };
}

function commandsOf(world: World, guild: string | undefined): Json[] {
  if (guild !== world.guild) throw new Refusal(403, 50001, 'Missing Access');
  return world.commands;
}

function putCommands(world: World, call: Call, [application, guild]: string[]): Json[] {
  checks.checkCommands(world, call.body);
  commandsOf(world, guild);
  world.commandPuts += 1;
  // Given back as Discord does: with ids, a version, and defaults where nothing was said.
  world.commands = (call.body as Json[]).map((command) => ({
    ...withDefaults(command),
    id: snowflake(),
    application_id: application,
    guild_id: guild,
    version: snowflake(),
    default_member_permissions: null,
    nsfw: false,
  }));
  return world.commands;
}

/** Discord leaves out what is false. */
function withDefaults(option: Json): Json {
  const kept = Object.entries(option).filter(([, value]) => value !== false);
  const inner = option['options'] as Json[] | undefined;
  return { ...Object.fromEntries(kept), ...(inner === undefined ? {} : { options: inner.map(withDefaults) }) };
}

function channelOf(world: World, id: string | undefined): FakeChannel {
  const channel = world.channels.get(id ?? '');
  if (channel === undefined) throw new Refusal(404, 10003, 'Unknown Channel');
  return channel;
}

/** A channel the bot may read (50001 says no), or write in (50013 says no as well); threads go with their channel. */
function openChannel(world: World, id: string | undefined, write: boolean): FakeChannel {
  const channel = channelOf(world, id);
  const closed = (channel.parent === null ? channel : channelOf(world, channel.parent)).closed;
  if (closed === 50001) throw new Refusal(403, 50001, 'Missing Access');
  if (closed === 50013 && write) throw new Refusal(403, 50013, 'Missing Permissions');
  return channel;
}

function messageOf(world: World, channel: string | undefined, id: string | undefined): FakeMessage {
  channelOf(world, channel);
  const message = world.messages.get(id ?? '');
  if (message === undefined || message.channel !== channel) throw new Refusal(404, 10008, 'Unknown Message');
  return message;
}

function patchThread(world: World, call: Call & { body: Json }, [id]: string[]): Json {
  const thread = channelOf(world, id);
  if (thread.type !== 11) throw new Refusal(403, 50013, 'Missing Permissions');
  if (thread.locked) throw new Refusal(403, 50013, 'Missing Permissions');
  if (typeof call.body['archived'] === 'boolean') thread.archived = call.body['archived'];
  return channelJson(world, thread);
}

function listMessages(world: World, _call: Call, [id]: string[], query: URLSearchParams): Json[] {
  openChannel(world, id, false);
  const limit = Number(query.get('limit') ?? 50);
  if (limit < 1 || limit > 100) throw new Refusal(400, 50035, 'limit: 1 to 100');
  const before = BigInt(query.get('before') ?? '9223372036854775807');
  return [...world.messages.values()]
    .filter((message) => message.channel === id && BigInt(message.id) < before)
    .reverse()
    .slice(0, limit)
    .map((message) => messageJson(message));
}

function createMessage(world: World, call: Call & { body: Json }, [id]: string[]): Json {
  const channel = openChannel(world, id, true);
  const { body } = call;
  checks.checkMessage(world, body);
  checks.checkFiles(world, body, call.files);
  if (channel.locked) throw new Refusal(403, 160005, 'Thread is locked');
  const nonce = body['nonce'] === undefined ? null : asText(body['nonce']);
  if (nonce !== null && body['enforce_nonce'] === true) {
    const first = world.nonces.get(`${channel.id} ${nonce}`);
    if (first !== undefined) return messageJson(first, nonce);
  }
  const attachments = ((body['attachments'] ?? []) as Json[]).map((attachment) => {
    const file = call.files.get(asText(attachment['id']));
    return { id: snowflake(), filename: asText(attachment['filename']), bytes: file?.bytes ?? new Uint8Array() };
  });
  channel.archived = false;
  const message: FakeMessage = {
    id: snowflake(),
    channel: channel.id,
    author: world.bot,
    content: asText(body['content']),
    components: (body['components'] ?? []) as Json[],
    attachments,
    flags: Number(body['flags'] ?? 0),
    nonce,
    edits: 0,
  };
  world.messages.set(message.id, message);
  if (nonce !== null) world.nonces.set(`${channel.id} ${nonce}`, message);
  world.dispatch('MESSAGE_CREATE', { ...messageJson(message), guild_id: world.guild });
  return messageJson(message, nonce);
}

function editMessage(world: World, call: Call & { body: Json }, [channel, id]: string[]): Json {
  const message = messageOf(world, channel, id);
  if (openChannel(world, channel, true).archived) throw new Refusal(400, 50083, 'Thread is archived');
  if (message.author !== world.bot) throw new Refusal(403, 50005, 'Cannot edit a message authored by another user');
  checks.checkEdit(world, call.body, message.flags);
  checks.checkFileReferences(
    world,
    call.body,
    message.attachments.map(({ filename }) => filename),
  );
  if (call.body['components'] !== undefined) message.components = call.body['components'] as Json[];
  if (call.body['flags'] !== undefined) message.flags = Number(call.body['flags']);
  message.edits += 1;
  return messageJson(message);
}

function openThread(world: World, call: Call & { body: Json }, [channel, id]: string[]): Json {
  messageOf(world, channel, id);
  openChannel(world, channel, true);
  checks.checkThread(world, call.body);
  const had = world.threaded.has(id ?? '') && !world.threadsReopen;
  world.threaded.add(id ?? '');
  if (had || world.channels.has(id ?? ''))
    throw new Refusal(400, 160004, 'A thread has already been created for this message');
  const thread: FakeChannel = {
    id: id ?? '',
    type: 11,
    name: asText(call.body['name']),
    parent: channel ?? null,
    archived: false,
    locked: false,
  };
  world.channels.set(thread.id, thread);
  world.dispatch('THREAD_CREATE', { ...channelJson(world, thread), newly_created: true });
  return channelJson(world, thread);
}
