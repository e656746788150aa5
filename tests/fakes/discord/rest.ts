/** The HTTP side: who may call, what goes wrong on the way, and how answers and refusals look. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults } from './faults.ts';
import { answerRoute } from './routes.ts';
import { Refusal, type World } from './world.ts';

/** One call as it came in. */
export interface Call {
  method: string;
  /** Without `/api/v10` and without the query. */
  path: string;
  body: unknown;
  /** Files of a form, by the number they are named with. */
  files: ReadonlyMap<string, { name: string; bytes: Uint8Array }>;
  authorization: string | undefined;
}

/** Answers one HTTP request. */
export async function answerRest(
  world: World,
  faults: Faults,
  calls: Call[],
  gatewayUrl: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const sent = await read(request);
  const path = decodeURIComponent(url.pathname).replace(/^\/api\/v10/, '');
  const call: Call = {
    method: request.method ?? 'GET',
    path,
    ...sent,
    authorization: request.headers.authorization,
  };
  calls.push(call);
  const route = `${call.method} ${path}`;
  const early = faults.turnAway(route);
  if (early?.known === true) world.complaints.push(`${route}: called again before its Retry-After was over`);
  if (early !== null) return tooFast(response, { seconds: early.seconds, global: early.place === '' });
  const fault = faults.take(route);
  if (fault?.kind === 'hang' && fault.after !== true) return;
  if (fault?.kind === 'cut' && !fault.after) return void request.socket.destroy();
  if (fault?.kind === 'rate') {
    if (fault.code === undefined) faults.hold(fault.global ? '' : route, fault.seconds);
    return tooFast(response, fault);
  }
  if (fault?.kind === 'refuse') return send(response, fault.status, { code: fault.code, message: 'told to refuse' });
  if (fault?.kind === 'status' && !fault.after) return send(response, fault.status, { message: 'told to fail' });
  try {
    authorize(world, call, url);
    const answer = answerRoute(world, call, url.searchParams, gatewayUrl);
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'cut') return void request.socket.destroy();
    if (fault?.kind === 'status') return send(response, fault.status, { message: 'told to fail afterwards' });
    if (fault?.kind === 'page') return void response.writeHead(200, { 'content-type': fault.type }).end(fault.text);
    if (answer === null) return void response.writeHead(204).end();
    send(response, 200, answer, fault?.kind === 'spent' ? spent(fault.seconds) : {});
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    send(response, error.status, { code: error.code, message: error.message });
  }
}

/** Interactions carry their own token in the path; everything else carries the bot's in a header. */
function authorize(world: World, call: Call, url: URL): void {
  if (!url.pathname.startsWith('/api/v10/')) throw new Refusal(404, 0, '404: Not Found');
  if (/^\/(interactions|webhooks)\//.test(call.path)) {
    if (call.authorization !== undefined) {
      world.complaints.push(`${call.path}: the bot's token is sent where it is not needed`);
    }
    return;
  }
  if (call.authorization !== `Bot ${world.token}`) throw new Refusal(401, 0, '401: Unauthorized');
}

function tooFast(
  response: ServerResponse,
  { seconds, code, global = false }: { seconds: number | string; code?: number | undefined; global?: boolean },
): void {
  const body = { message: 'You are being rate limited.', retry_after: seconds, global, code };
  const headers = {
    'retry-after': String(seconds),
    'x-ratelimit-scope': 'user',
    ...(global ? { 'x-ratelimit-global': 'true' } : {}),
  };
  send(response, 429, body, code === undefined ? headers : {});
}

function spent(seconds: number): Record<string, string> {
  return { 'x-ratelimit-limit': '1', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': String(seconds) };
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** JSON, or a form of `payload_json` and `files[n]`. */
async function read(request: IncomingMessage): Promise<Pick<Call, 'body' | 'files'>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  const files = new Map<string, { name: string; bytes: Uint8Array }>();
  if (!type.startsWith('multipart/form-data')) {
    return { body: bytes.length === 0 ? null : (JSON.parse(bytes.toString('utf8')) as unknown), files };
  }
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
  for (const [field, value] of form) {
    const number = /^files\[(\d+)\]$/.exec(field)?.[1];
    if (number !== undefined && typeof value !== 'string') {
      files.set(number, { name: value.name, bytes: new Uint8Array(await value.arrayBuffer()) });
    }
  }
  const payload = form.get('payload_json');
  return { body: typeof payload === 'string' ? (JSON.parse(payload) as unknown) : null, files };
}
