/** One request over the wire: deadlines, the size limit, and nothing understood yet. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
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
  const ending = new AbortController();
  const abort = () => ending.abort(signal.reason);
  const late = (what: string, ms: number) =>
    setTimeout(
      () => ending.abort(new ScrapeError('unreachable', `${what} within ${ms} ms`, { fingerprint: 'connection' })),
      ms,
    );
  signal.addEventListener('abort', abort, { once: true });
  const firstByte = late('no answer', limits.firstByteMs);
  const total = late('the answer did not end', limits.totalMs);
  const stream = client.start(outgoing, ending.signal);
  let answered = false;
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      stream.once('response', resolve);
      // Stays on: an error that arrives between two reads must not end the process.
      stream.on('error', reject);
      ending.signal.addEventListener('abort', () => reject(ending.signal.reason as Error), { once: true });
    });
    answered = true;
    clearTimeout(firstByte);
    const { statusCode: status = 0, headers } = response;
    const body = status === 200 || status === 202 ? await readBody(stream, headers, limits.wireBytes) : Buffer.alloc(0);
    return { status, headers, body };
  } catch (error) {
    ending.signal.throwIfAborted();
    throw error instanceof ScrapeError ? error : connectionFailure(error, answered);
  } finally {
    clearTimeout(firstByte);
    clearTimeout(total);
    signal.removeEventListener('abort', abort);
    stream.destroy();
  }
}

async function readBody(
  stream: AsyncIterable<Buffer>,
  headers: IncomingHttpHeaders,
  maxBytes: number,
): Promise<Buffer> {
  const tooLarge = () => new ScrapeError('too_large', `more than ${maxBytes} bytes`);
  if (Number(headers['content-length']) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
