/** Socket Mode: connections that say hello, carry envelopes, want acknowledgements, and are refreshed, cut or left mute. */
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';

type Json = Record<string, unknown>;

/** What became of an envelope. */
export interface Acknowledgement {
  acked: boolean;
  /** What came with it. */
  payload: Json;
  tookMs: number;
}

/** Pings each connection this often, milliseconds, as Slack does. */
const PING_MS = 500;
/** How long an acknowledgement may take, milliseconds. */
const ACK_MS = 3_000;

/** Puts Socket Mode on a server. */
export function openSocketMode(server: Server) {
  const tickets = new Set<string>();
  const sockets = new Map<WebSocket, Duplex>();
  const waiting = new Map<string, (payload: Json) => void>();
  const mute = new Set<WebSocket>();
  /** Asked to reconnect: Slack sends them nothing more. */
  const leaving = new Set<WebSocket>();
  let issued = 0;
  let greeted = 0;
  let refused = false;
  let speechless = false;
  let turn = 0;
  const upgrades = new WebSocketServer({ noServer: true, autoPong: false });

  server.on('upgrade', (request, socket, head) => {
    const ticket = new URL(request.url ?? '/', 'http://127.0.0.1').searchParams.get('ticket') ?? '';
    if (refused || !tickets.delete(ticket)) return void socket.destroy();
    upgrades.handleUpgrade(request, socket, head, (client) => {
      sockets.set(client, socket);
      client.on('close', () => sockets.delete(client));
      client.on('error', () => {});
      client.on('ping', (data) => mute.has(client) || client.pong(data));
      client.on('message', (data) => mute.has(client) || take((data as Buffer).toString()));
      if (speechless) return;
      client.send(JSON.stringify({ type: 'hello', num_connections: sockets.size, connection_info: { app_id: 'A0' } }));
      greeted += 1;
    });
  });

  const pings = setInterval(() => {
    for (const client of sockets.keys()) if (!mute.has(client)) client.ping();
  }, PING_MS);

  function take(text: string): void {
    const { envelope_id: id, payload } = JSON.parse(text) as { envelope_id: string; payload?: Json };
    waiting.get(id)?.(payload ?? {});
    waiting.delete(id);
  }

  function usable(): WebSocket[] {
    return [...sockets.keys()].filter((client) => client.readyState === client.OPEN && !leaving.has(client));
  }

  /** Sends an envelope over one of the open connections, as Slack chooses; without one it is lost. */
  function deliver(envelope: Json & { envelope_id: string }): Promise<Acknowledgement> {
    const open = usable();
    const client = open[turn++ % Math.max(1, open.length)];
    const began = performance.now();
    if (client === undefined) return Promise.resolve({ acked: false, payload: {}, tookMs: 0 });
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        waiting.delete(envelope.envelope_id);
        resolve({ acked: false, payload: {}, tookMs: performance.now() - began });
      }, ACK_MS);
      waiting.set(envelope.envelope_id, (payload) => {
        clearTimeout(late);
        resolve({ acked: true, payload, tookMs: performance.now() - began });
      });
      if (!mute.has(client)) client.send(JSON.stringify(envelope));
    });
  }

  return {
    /** Connections open now that Slack would use. */
    get open() {
      return usable().length;
    },
    /** Connections that ever got their hello. */
    get greeted() {
      return greeted;
    },
    /** Addresses handed out so far. */
    get issued() {
      return issued;
    },
    openAddress(host: string): string {
      const ticket = `ticket-${++issued}`;
      tickets.add(ticket);
      return `ws://${host}/link/?ticket=${ticket}&app_id=A0`;
    },
    deliver,
    /** Asks connections to reconnect, as Slack does every few hours. */
    refresh(count = sockets.size): void {
      for (const client of usable().slice(0, count)) {
        leaving.add(client);
        client.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested', debug_info: {} }));
      }
    },
    /** Sends this over every connection, as it is. */
    say(text: string): void {
      for (const client of usable()) client.send(text);
    },
    /** Cuts every connection without a word. */
    drop(): void {
      for (const socket of sockets.values()) socket.destroy();
    },
    /** Leaves the connections open and answers nothing on them any more, not even pings. */
    fallSilent(): void {
      for (const client of sockets.keys()) mute.add(client);
    },
    /** Takes new connections without a hello, or greets them again. */
    withholdHello(on: boolean): void {
      speechless = on;
    },
    /** Refuses new connections, or takes them again. */
    refuse(on: boolean): void {
      refused = on;
    },
    close(): void {
      clearInterval(pings);
      for (const socket of sockets.values()) socket.destroy();
      upgrades.close();
    },
  };
}
