/** The gateway: sessions that can be resumed, heartbeats, and everything that breaks them. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { asText, channelJson, snowflake, type Json, type World } from './world.ts';

/** What Discord wants of a bot that only listens to commands: no privileged intent, nothing it does not need. */
const GUILDS = 1;

interface Session {
  id: string;
  sequence: number;
  /** Everything dispatched, for whoever resumes. */
  events: { s: number; t: string; d: Json | null }[];
  socket: WebSocket | null;
}

export interface FakeGateway {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** `data` can be nothing at all, which Discord never sends. */
  dispatch(event: string, data: Json | null): void;
  /** Sent to every connection: 7 to reconnect, 9 with `d` for an invalid session. */
  send(op: number, d?: unknown): void;
  close(code: number): void;
  /** Cuts every connection without a word. */
  cut(): void;
  /** Heartbeats are not acknowledged any more. */
  deaf: boolean;
  /** New connections are cut while they are made. */
  refusing: boolean;
  /** Sessions are not remembered: who resumes has to identify. */
  forgetful: boolean;
  /** Where a client is told to resume; null for the same place. */
  resumeUrl: string | null;
  /** What READY and GUILD_CREATE say; false when the bot was never added. */
  inGuild: boolean;
  /** The code a session is refused with after IDENTIFY; null when it is not. */
  identifyClose: number | null;
  /** Sessions asked for, resumes asked for, and connections made so far. */
  identifies: number;
  resumes: number;
  connections: number;
}

export function createFakeGateway(world: World, url: () => string, heartbeatMs: number): FakeGateway {
  const server = new WebSocketServer({ noServer: true });
  const sessions = new Map<string, Session>();
  const sockets = new Set<WebSocket>();

  const gateway: FakeGateway = {
    deaf: false,
    refusing: false,
    forgetful: false,
    resumeUrl: null,
    inGuild: true,
    identifyClose: null,
    identifies: 0,
    resumes: 0,
    connections: 0,
    upgrade(request, socket, head) {
      if (gateway.refusing) return void socket.destroy();
      server.handleUpgrade(request, socket, head, (opened) => connected(opened));
    },
    dispatch(event, data) {
      for (const session of sessions.values()) tell(session, event, data);
    },
    send(op, d = null) {
      for (const socket of sockets) socket.send(JSON.stringify({ op, d, s: null, t: null }));
    },
    close(code) {
      for (const socket of sockets) socket.close(code);
    },
    cut() {
      for (const socket of sockets) socket.terminate();
    },
  };

  function connected(socket: WebSocket): void {
    gateway.connections += 1;
    sockets.add(socket);
    let session: Session | null = null;
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      if (session?.socket === socket) session.socket = null;
    });
    socket.on('message', (bytes: Buffer) => {
      const { op, d } = JSON.parse(bytes.toString('utf8')) as { op: number; d: Json };
      if (op === 1 && !gateway.deaf) socket.send(JSON.stringify({ op: 11, d: null, s: null, t: null }));
      if (op === 2) session = identify(socket, d);
      if (op === 6) session = resume(socket, d);
    });
    socket.send(JSON.stringify({ op: 10, d: { heartbeat_interval: heartbeatMs }, s: null, t: null }));
  }

  function identify(socket: WebSocket, d: Json): Session | null {
    gateway.identifies += 1;
    const refused = d['token'] === world.token ? gateway.identifyClose : 4004;
    if (refused !== null) {
      socket.close(refused);
      return null;
    }
    if (d['intents'] !== GUILDS) {
      world.complaints.push(`intents: ${asText(d['intents'])} instead of ${GUILDS}`);
      socket.close(4014);
      return null;
    }
    const session: Session = { id: snowflake(), sequence: 0, events: [], socket };
    sessions.set(session.id, session);
    tell(session, 'READY', {
      v: 10,
      user: world.bot,
      guilds: gateway.inGuild ? [{ id: world.guild, unavailable: true }] : [],
      session_id: session.id,
      resume_gateway_url: gateway.resumeUrl ?? url(),
      shard: [0, 1],
      application: world.application,
    });
    if (gateway.inGuild) tell(session, 'GUILD_CREATE', guildJson(world));
    return session;
  }

  function resume(socket: WebSocket, d: Json): Session | null {
    gateway.resumes += 1;
    const session = gateway.forgetful ? undefined : sessions.get(asText(d['session_id']));
    if (session === undefined || d['token'] !== world.token) {
      socket.send(JSON.stringify({ op: 9, d: false, s: null, t: null }));
      return null;
    }
    session.socket = socket;
    for (const { s, t, d: data } of session.events) {
      if (s > Number(d['seq'])) socket.send(JSON.stringify({ op: 0, s, t, d: data }));
    }
    tell(session, 'RESUMED', {});
    return session;
  }

  function tell(session: Session, event: string, data: Json | null): void {
    session.sequence += 1;
    session.events.push({ s: session.sequence, t: event, d: data });
    session.socket?.send(JSON.stringify({ op: 0, s: session.sequence, t: event, d: data }));
  }

  return gateway;
}

function guildJson(world: World): Json {
  const channels = [...world.channels.values()];
  return {
    id: world.guild,
    name: 'a server',
    owner_id: '1',
    joined_at: new Date(0).toISOString(),
    large: false,
    unavailable: false,
    member_count: 2,
    preferred_locale: 'en-US',
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw_level: 0,
    premium_tier: 0,
    system_channel_flags: 0,
    afk_timeout: 300,
    features: [],
    emojis: [],
    stickers: [],
    roles: [
      {
        id: world.guild,
        name: '@everyone',
        permissions: '0',
        position: 0,
        color: 0,
        hoist: false,
        managed: false,
        mentionable: false,
        flags: 0,
      },
    ],
    members: [],
    voice_states: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    channels: channels.filter((channel) => channel.type === 0).map((channel) => channelJson(world, channel)),
    threads: channels.filter((channel) => channel.type === 11).map((channel) => channelJson(world, channel)),
  };
}
