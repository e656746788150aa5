/** Serves the built status page, and says whether the process lives (`/healthz`), can work (`/readyz`) and how it does (`/metrics`). */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { plainAnswer, rawAnswer, sendAnswer, type HttpAnswer } from './http-answer.ts';
import { errorFields, type Log } from './log.ts';
import { createSiteReader, type SiteReader } from '#bot/page/site-reader.ts';

/** A running server. Close it, or it keeps the process alive. */
export interface HttpServer extends AsyncDisposable {
  /** Its address, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Whether the process can do its work, and of what that is made. */
export interface Readiness {
  ready: boolean;
  checks: Record<string, string>;
}

/** The server cannot have its port; the message says which variable to set. */
export class PortError extends Error {
  override name = 'PortError';
}

const READY_WITHIN_MS = 5_000;
const CLOSE_WITHIN_MS = 1_000;

const placeholder: HttpAnswer = {
  status: 503,
  headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', 'Retry-After': '5' },
  body: `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Not built yet · Rescrape</title>
  </head>
  <body>
    <h1>The status page is not built yet</h1>
    <p>Rescrape makes it when it starts and whenever a run ends. Reload in a few seconds; if this stays, see the log.</p>
  </body>
</html>
`,
};

/** Starts the server; port 0 takes any free one. Rejects with a PortError when the port cannot be had. */
export async function startHttpServer(parts: {
  port: number;
  host?: string;
  statusDir: string;
  ready: () => Promise<Readiness>;
  /** What is measured, as Prometheus reads it. */
  metrics: () => Promise<string>;
  log: Pick<Log, 'warn'>;
}): Promise<HttpServer> {
  const { port, host = '127.0.0.1', statusDir, ready, metrics, log } = parts;
  const readSite = createSiteReader(statusDir);
  const server = createServer(
    // Timeouts are looked at by this interval only, so it has to be short.
    { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000, maxHeaderSize: 8_192 },
    (request, response) => {
      answer(request, { ready, metrics, readSite })
        .catch((error: unknown) => {
          log.warn(errorFields(error), 'the HTTP server could not answer');
          return plainAnswer(500, 'Something broke while answering; the log says what.');
        })
        .then((made) => sendAnswer(request, response, made))
        .catch(() => response.destroy());
    },
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code !== 'ECONNRESET' && socket.writable) socket.end(rawAnswer(statusOfClientError(error.code)));
    else socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, host, port)));
    server.listen(port, host, resolve);
  });

  async function close(): Promise<void> {
    if (!server.listening) return;
    const overdue = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
    await new Promise((resolve) => server.close(resolve));
    clearTimeout(overdue);
  }
  return { url: addressOf(server.address() as AddressInfo), close, [Symbol.asyncDispose]: close };
}

async function answer(
  request: IncomingMessage,
  from: { ready: () => Promise<Readiness>; metrics: () => Promise<string>; readSite: SiteReader },
): Promise<HttpAnswer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return plainAnswer(405, 'Only GET and HEAD are answered here.', { Allow: 'GET, HEAD', Connection: 'close' });
  }
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  if (path === '/healthz') return plainAnswer(200, 'ok');
  if (path === '/readyz') return readyAnswer(from.ready);
  if (path === '/metrics') return metricsAnswer(await from.metrics());
  return (await from.readSite(path, request.headers['accept-encoding']?.toString() ?? '')) ?? placeholder;
}

function metricsAnswer(text: string): HttpAnswer {
  const headers = { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8', 'Cache-Control': 'no-store' };
  return { status: 200, headers, body: text };
}

async function readyAnswer(ready: () => Promise<Readiness>): Promise<HttpAnswer> {
  const late = new AbortController();
  const unknown: Readiness = { ready: false, checks: { process: 'does not know' } };
  const state = await Promise.race([
    (async () => ready())().catch(() => unknown),
    pause(READY_WITHIN_MS, unknown, { signal: late.signal }).catch(() => unknown),
  ]);
  late.abort();
  const headers = { 'Content-Type': 'application/json; charset=utf-8' };
  return plainAnswer(state.ready ? 200 : 503, JSON.stringify(state), headers);
}

function statusOfClientError(code: string | undefined): number {
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new PortError(`Port ${port} on ${host} is already in use. Set PORT to a free port, or to 0 for any.`);
  }
  if (error.code === 'EACCES') {
    return new PortError(`This user may not open port ${port}. Set PORT to a number from 1024 on.`);
  }
  return new PortError(`Port ${port} on ${host} could not be opened (${error.code ?? error.name}). Set PORT.`);
}

function addressOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
