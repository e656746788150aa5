/** Answers of the HTTP server: each one carries the same protection. */
import { createHash } from 'node:crypto';
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';

/** One answer; the body is whole. */
export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** The page runs nothing, loads nothing from elsewhere, and is shown in no other page's frame. */
const protection: Record<string, string> = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** A short answer in plain text that nobody keeps. */
export function plainAnswer(status: number, text: string, headers: Record<string, string> = {}): HttpAnswer {
  const always = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' };
  return { status, headers: { ...always, ...headers }, body: `${text}\n` };
}

/** Sends an answer; HEAD gets its headers only, and whoever has the same content already is told so. */
export function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: HttpAnswer): void {
  const body = Buffer.from(answer.body);
  const headers: Record<string, string> = { ...protection, ...answer.headers };
  if (answer.status === 200 && headers['Cache-Control'] !== 'no-store') {
    headers['ETag'] ??= `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    if (isKnown(request.headers['if-none-match'], headers['ETag'])) {
      delete headers['Content-Type'];
      response.writeHead(304, headers).end();
      return;
    }
  }
  response.writeHead(answer.status, { ...headers, 'Content-Length': String(body.length) });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** The bytes for a request that could not even be read; the connection ends with them. */
export function rawAnswer(status: number): string {
  const head = Object.entries({ ...protection, Connection: 'close', 'Content-Length': '0' });
  const lines = head.map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`;
}

function isKnown(sent: string | undefined, tag: string): boolean {
  if (sent === undefined) return false;
  return sent.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag);
}
