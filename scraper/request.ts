/** One request over the wire: deadlines, the size limit, and nothing understood yet. */
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { connectionFailure } from './classify.ts';
import type { Client, Outgoing } from './client.ts';
import { ScrapeError } from './errors.ts';

/** How long one request may take and how much it may bring. */
export interface RequestLimits {
  /** Until the headers of the answer, connecting included, milliseconds. */
  firstByteMs: number;
  /** Until the last byte, milliseconds; also ends an answer that trickles. */
  totalMs: number;
  /** Size of the body as it is sent, bytes. */
  wireBytes: number;
}

/** An answer as it came, its body still compressed. Bodies that no decision needs (neither 200 nor 202) are not read. */
export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Sends one request and reads the answer. Aborting throws the signal's reason, everything else a ScrapeError. */
export async function send(
  client: Client,
  outgoing: Outgoing,
  limits: RequestLimits,
  signal: AbortSignal,
): Promise<RawAnswer> {
  signal.throwIfAborted();
  let request: ClientRequest | null = null;
  let response: IncomingMessage | null = null;
  let whole = false;
  let end: (reason: unknown) => void = () => {};
  const ended = new Promise<never>((_, reject) => (end = reject));
  const abort = () => end(signal.reason);
  const late = (what: string, ms: number) =>
    setTimeout(() => end(new ScrapeError('unreachable', `${what} within ${ms} ms`, { fingerprint: 'connection' })), ms);
  signal.addEventListener('abort', abort, { once: true });
  const firstByte = late('no answer', limits.firstByteMs);
  const total = late('the answer did not end', limits.totalMs);
  try {
    request = client.start(outgoing);
    // Stays on: an error that arrives between two reads must not end the process.
    request.on('error', end);
    response = await Promise.race([headOf(request), ended]);
    clearTimeout(firstByte);
    const { statusCode: status = 0, headers } = response;
    if (status !== 200 && status !== 202) return { status, headers, body: Buffer.alloc(0) };
    const body = await Promise.race([readBody(response, limits.wireBytes), ended]);
    whole = true;
    return { status, headers, body };
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof ScrapeError ? error : connectionFailure(error, response !== null);
  } finally {
    clearTimeout(firstByte);
    clearTimeout(total);
    signal.removeEventListener('abort', abort);
    // A connection whose answer was read to its end serves the next request; Node may not have heard yet that what we
    // asked has left (over TLS it comes to know of the answer first), and would close it.
    if (!whole || (outgoing.body !== undefined && request?.writableFinished !== true)) request?.destroy();
  }
}

function headOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve) => request.once('response', resolve));
}

/** By events: reading in a loop of `await` costs as much again as the rest of a request. */
function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = () => reject(new ScrapeError('too_large', `more than ${maxBytes} bytes`));
    if (Number(response.headers['content-length']) > maxBytes) return tooLarge();
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) tooLarge();
      else chunks.push(chunk);
    });
    response.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)));
    response.on('error', reject);
  });
}
