/** Slack's Web API over HTTP, and the addresses private answers are sent to. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkMessage } from './check-message.ts';
import { createHolds } from '../holds.ts';
import { takeBytes } from './files.ts';
import { methods } from './methods.ts';
import type { State } from './state.ts';

type Json = Record<string, unknown>;

/** Which method was called, for which channel. */
interface Call {
  method: string;
  channel: string;
}

/** How often a response address may be used. */
const USES = 5;

/** Makes the server; `openSocket` gives the address of a new Socket Mode connection. */
export function createWebApi(state: State, openSocket: () => string): Server {
  const holds = createHolds();
  return createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const bytes = await read(request);
    const upload = /^\/upload\/(\w+)$/.exec(path)?.[1];
    if (upload !== undefined) return void response.writeHead(takeBytes(state, upload, bytes)).end();
    const body = bytes.toString('utf8');
    if (path.startsWith('/response/')) return respond(path, body, response);
    const method = path.replace(/^\/api\//, '');
    const args = argumentsOf(body);
    const call = { method, channel: typeof args['channel'] === 'string' ? args['channel'] : '' };
    const place = `${call.method} ${call.channel}`;
    const early = holds.turnAway([place], state.processes);
    if (early?.known === true) state.rejected.push(`${method}: called again before its Retry-After was over`);
    if (early !== null) return tooFast(call, Math.ceil(early.seconds), response);
    const planned = take(method);
    // Nobody answers; the caller gives up first.
    if (planned?.kind === 'hang' && planned.accept !== true) return note(call, 'hang');
    if (planned?.kind === 'refused') {
      note(call, 'refused');
      return void response.destroy();
    }
    if (planned?.kind === 'slow') await sleep(planned.ms);
    if (planned?.kind === 'rate_limited') {
      holds.hold(place, Math.trunc(planned.retryAfter));
      return tooFast(call, planned.retryAfter, response);
    }
    if (planned?.kind === 'error')
      return send(call, { ok: false, error: planned.code, needed: planned.needed }, response);
    if (planned?.kind === 'http' && !planned.accept) return failed(call, planned.status, response);
    const answer = answerOf(method, request.headers.authorization, args);
    if (planned?.kind === 'http') return failed(call, planned.status, response);
    if (planned?.kind === 'hang') return note(call, 'hang');
    if (planned?.kind === 'cut') {
      note(call, 'cut');
      return void response.destroy();
    }
    send(call, answer, response);
  }

  function answerOf(method: string, authorization: string | undefined, args: Json): Json {
    const known = methods[method];
    if (method === 'apps.connections.open') return tokenFault(authorization, 'app') ?? { ok: true, url: openSocket() };
    if (known === undefined) return { ok: false, error: 'unknown_method' };
    const fault = tokenFault(authorization, 'bot');
    if (fault !== null) return fault;
    if (known.scope !== null && !state.scopes.has(known.scope)) {
      return { ok: false, error: 'missing_scope', needed: known.scope, provided: [...state.scopes].join(',') };
    }
    const missing = known.needs.find((name) => args[name] === undefined || args[name] === '');
    if (missing !== undefined) {
      state.rejected.push(`${method}: missing ${missing}`);
      return { ok: false, error: 'invalid_arguments' };
    }
    return known.call(args, state);
  }

  function tokenFault(authorization: string | undefined, kind: 'bot' | 'app'): Json | null {
    if (authorization === undefined) return { ok: false, error: 'not_authed' };
    const token = authorization.replace(/^Bearer /, '');
    if (token === state.tokens[kind]) return state.revoked[kind] ? { ok: false, error: 'token_revoked' } : null;
    return {
      ok: false,
      error: Object.values(state.tokens).includes(token) ? 'not_allowed_token_type' : 'invalid_auth',
    };
  }

  function respond(path: string, body: string, response: ServerResponse): void {
    const place = state.responseUrls.get(path);
    if (place === undefined || place.uses >= USES) {
      response.writeHead(404);
      return void response.end('used_url');
    }
    place.uses += 1;
    const message = JSON.parse(body) as Json;
    const checked = checkMessage(message, { text: 40_000, update: false });
    if (checked.error !== null || message['response_type'] === 'in_channel') {
      state.rejected.push(`response_url: ${checked.error ?? 'in_channel'}; ${checked.faults.join('; ')}`);
    } else {
      const { user, channel, thread } = place;
      state.privately.push({ user, channel, thread, seen: checked.seen, blocks: (message['blocks'] ?? []) as Json[] });
    }
    response.writeHead(200);
    response.end('ok');
  }

  function tooFast(call: Call, seconds: number, response: ServerResponse): void {
    note(call, 'rate_limited');
    response.writeHead(429, { 'retry-after': String(seconds) });
    response.end();
  }

  function take(method: string) {
    const planned = state.faults.get(method)?.[0];
    if (planned === undefined) return null;
    planned.times -= 1;
    if (planned.times <= 0) state.faults.get(method)?.shift();
    return planned.fault;
  }

  function failed(call: Call, status: number, response: ServerResponse): void {
    note(call, `HTTP ${status}`);
    response.writeHead(status, { 'content-type': 'text/html' });
    response.end('<html>Server Error</html>');
  }

  function send(call: Call, answer: Json, response: ServerResponse): void {
    note(call, answer['ok'] === true ? 'ok' : String(answer['error']));
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'x-oauth-scopes': [...state.scopes].join(','),
    });
    response.end(JSON.stringify(answer));
  }

  function note(call: Call, answer: string): void {
    state.calls.push({ ...call, answer, at: performance.now() });
  }
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Arguments as the library sends them: url-encoded, with whatever is no string as JSON. */
function argumentsOf(body: string): Json {
  const args: Json = {};
  for (const [name, value] of new URLSearchParams(body)) {
    args[name] = /^(blocks|metadata|view|attachments|files)$/.test(name) ? JSON.parse(value) : value;
  }
  return args;
}
