/** Requests to one site, at its pace and within its limits; every unusable answer is a ScrapeError of the right kind. */
import type { LookupFunction } from 'node:net';
import { addressUnder, readBase, readProxy } from './address.ts';
import type { Browser } from './browser.ts';
import { heldUntil, isChallenge, notBytes, notJson, statusFailure } from './classify.ts';
import { createClient, type Headers, type Outgoing } from './client.ts';
import { type Clock, systemClock } from './clock.ts';
import { decodeText } from './decode-text.ts';
import { decompress } from './decompress.ts';
import { type FailureKind, ScrapeError } from './errors.ts';
import { type Paces, type RequestPace, sharedPaces } from './pace.ts';
import { defaultLimits, type HttpLimits } from './http-limits.ts';
import { readJson } from './read-json.ts';
import { redirected } from './redirect.ts';
import { type RawAnswer, send } from './request.ts';
import { inTurn } from './turns.ts';
import { fromWild } from './well-formed.ts';

/** One request, relative to the platform's base address. */
export interface Ask {
  path: string;
  query?: Record<string, string | number>;
  method?: 'GET' | 'POST';
  /** JSON body for POST. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Most the body may have, bytes, where the usual limit is not enough. */
  maxBytes?: number;
  /** Called with a text before it is understood: what is kept of an answer that turns out to be unusable. */
  seen?: (answer: Answer) => void;
}

/** An answer that passed every check: status 200, complete, within the size limit, of the expected content type. */
export interface Answer {
  status: number;
  /** Final address after redirects, without query. */
  url: string;
  text: string;
}

/** An answer of something else than text, its type as the site states it. */
export interface BytesAnswer {
  type: string;
  bytes: Buffer;
}

/** Sends requests at the site's pace. Everything unusable is thrown as a ScrapeError of the right kind. */
export interface Http {
  /** A JSON answer, parsed; HTML where JSON is due is `blocked`, unparsable JSON is `truncated` or `drifted`. */
  json(ask: Ask): Promise<unknown>;
  /** An HTML or text answer. */
  text(ask: Ask): Promise<Answer>;
  /** An image or another file; HTML where one is due is `blocked` when it is a challenge, `drifted` otherwise. */
  bytes(ask: Ask): Promise<BytesAnswer>;
}

/** What was sent so far: every request on the wire, how many were quick second tries, and how many followed a redirect. */
export interface HttpCounters {
  requests: number;
  retries: number;
  redirects: number;
}

/** What requests to one site need to know. */
export interface HttpOptions {
  /** As which the site sees us. */
  browser: Browser;
  /** `http:` or `https:`; may have a path in front of all others, and credentials, which are shown nowhere. */
  baseUrl: string;
  headers?: Record<string, string>;
  pace: RequestPace;
  /** Ends everything at once, with its own reason. */
  signal: AbortSignal;
  /** Once aborted, nothing more is sent and its reason is thrown instead; what is under way goes on. */
  leave?: AbortSignal;
  /** Hosts besides the base's that a redirect may lead to, with port unless it is the usual one. */
  redirectHosts?: readonly string[];
  /** Names of headers, in lower case, that are meant for these hosts as well. */
  redirectHeaders?: readonly string[];
  /** Told when the host wants to be left in peace, and for how long (milliseconds), before anything else happens. */
  onPause?: (host: string, waitMs: number) => Promise<void>;
  limits?: Partial<HttpLimits>;
  paces?: Paces;
  clock?: Clock;
  /** From 0 to 1, for the jitter. */
  random?: () => number;
  /** `http:` or `https:`, may have credentials, which are shown nowhere. Everything goes through it. */
  proxyUrl?: string;
  /** Instead of the system's DNS; for tests. */
  lookup?: LookupFunction;
  /** PEM; for a site or a proxy whose certificate comes from an authority of its own. */
  certificateAuthority?: string;
}

/** {@link Http} with its counters; dispose of it to close its connections. */
export interface DisposableHttp extends Http, AsyncDisposable {
  readonly counters: Readonly<HttpCounters>;
}

/** Opens one site for requests. Throws a plain Error for a base address that is none, without repeating it. */
export function createHttp(options: HttpOptions): DisposableHttp {
  const { signal, clock = systemClock, random = Math.random, paces = sharedPaces } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const base = readBase(options.baseUrl);
  const ours = { hosts: [base.url.host, ...(options.redirectHosts ?? [])], headers: options.redirectHeaders ?? [] };
  const pace = paces.forHost(base.url.host, options.pace, clock);
  const client = createClient(options.browser, {
    base: base.url,
    proxy: options.proxyUrl === undefined ? null : readProxy(options.proxyUrl),
    tunnelMs: limits.firstByteMs,
    certificateAuthority: options.certificateAuthority,
    lookup: options.lookup,
  });
  const siteHeaders = { ...base.headers, ...lowerCase(options.headers) };
  const sending = options.leave ? AbortSignal.any([signal, options.leave]) : signal;
  const counters: HttpCounters = { requests: 0, retries: 0, redirects: 0 };
  /** Of a request without headers of its own: the same object each time, by which the client knows them again. */
  const usualHeaders = new Map<Headers, Headers>();

  function hop(outgoing: Outgoing, wireBytes: number): Promise<RawAnswer> {
    return pace.run(sending, limits.longestWaitMs, async () => {
      counters.requests += 1;
      const answer = await send(client, outgoing, { ...limits, wireBytes }, signal);
      const until = heldUntil(answer, clock.now());
      if (until !== null) {
        pace.hold(until);
        await options.onPause?.(base.url.host, until - clock.now());
      }
      return answer;
    });
  }

  async function exchange(first: Outgoing, maxBytes?: number): Promise<Arrived> {
    const wireBytes = maxBytes ?? limits.wireBytes;
    let outgoing = first;
    let answer = await hop(outgoing, wireBytes);
    for (let followed = 0; ; followed += 1) {
      const next = redirected(outgoing, answer, ours);
      if (!next) break;
      if (followed === limits.redirects) {
        throw new ScrapeError('api_error', `redirected more than ${limits.redirects} times`);
      }
      outgoing = next;
      counters.redirects += 1;
      answer = await hop(outgoing, wireBytes);
    }
    const failure = statusFailure(answer, clock.now());
    if (failure) throw failure;
    const decodedBytes = maxBytes ?? limits.decodedBytes;
    const body = await decompress(answer.body, answer.headers['content-encoding'] ?? '', decodedBytes);
    return { url: outgoing.url, headers: answer.headers, body };
  }

  async function ask<T>(asked: Ask, accept: Headers, read: (page: Arrived) => Promise<T>): Promise<T> {
    const { path, query, method = 'GET', body } = asked;
    const usual = usualHeaders.get(accept) ?? { ...client.headers, ...accept, ...siteHeaders };
    usualHeaders.set(accept, usual);
    const headers = asked.headers === undefined ? usual : { ...usual, ...lowerCase(asked.headers) };
    const outgoing: Outgoing = { url: addressUnder(base.url, path, query), method, headers, body: undefined };
    if (method === 'POST') {
      outgoing.body = body === undefined ? '' : JSON.stringify(body);
      outgoing.headers = { 'content-type': 'application/json', ...headers };
    }
    const what = () => `${method} ${fromWild(path.split(/[?#]/, 1)[0] ?? '', 500)}`;
    let failure: ScrapeError | null = null;
    for (let tries = 0; tries <= limits.retries; tries += 1) {
      try {
        if (failure) await clock.sleep(random() * limits.retryBaseMs * 2 ** (tries - 1), sending);
        if (failure) counters.retries += 1;
        const arrived = await exchange(outgoing, asked.maxBytes);
        return await read(arrived);
      } catch (error) {
        signal.throwIfAborted();
        // Told to leave between two tries: the first one still happened, and its failure is the news.
        if (failure && sending.aborted) throw failure;
        if (!(error instanceof ScrapeError)) throw error;
        failure = new ScrapeError(error.kind, `${what()}: ${error.message}`, {
          until: error.until ?? undefined,
          fingerprint: error.fingerprint ?? undefined,
          // Of all answers that are no JSON this is the same, whatever was asked for.
          drift: error.kind === 'drifted' ? { path: '', problem: error.message, count: 1, of: 1 } : undefined,
        });
        if (!quickly.has(error.kind)) throw failure;
      }
    }
    throw failure ?? new ScrapeError('internal', `${what()}: no try was allowed`);
  }

  return {
    counters,
    json: (asked) =>
      ask(asked, acceptJson, async (page) => {
        const { text } = await inTurn(() => textOf(page, asked));
        const failure = notJson(page.headers, text);
        if (failure) throw failure;
        return inTurn(() => readJson(text));
      }),
    text: (asked) =>
      ask(asked, acceptAny, async (page) => {
        const answer = await inTurn(() => textOf(page, asked));
        if (isChallenge(answer.text)) throw new ScrapeError('blocked', 'status 200 with a challenge page');
        return answer;
      }),
    bytes: (asked) =>
      ask(asked, acceptAny, (page) =>
        inTurn(() => {
          const type = page.headers['content-type'] ?? '';
          const failure = notBytes(type, () => textOf(page, asked).text);
          if (failure) throw failure;
          return { type, bytes: page.body };
        }),
      ),
    async [Symbol.asyncDispose]() {
      client.close();
    },
  };
}

/** A page that arrived whole and is decompressed. */
interface Arrived {
  url: URL;
  headers: RawAnswer['headers'];
  body: Buffer;
}

function textOf({ url, headers, body }: Arrived, asked: Ask): Answer {
  const text = decodeText(body, headers['content-type'] ?? '');
  const answer = { status: 200, url: url.origin + url.pathname, text };
  asked.seen?.(answer);
  return answer;
}

const acceptJson: Headers = { accept: 'application/json' };
const acceptAny: Headers = {};

/** What may pass by itself within a second. A refusal is never asked again at once. */
const quickly: ReadonlySet<FailureKind> = new Set(['unreachable', 'truncated']);

function lowerCase(headers: Record<string, string> = {}): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
