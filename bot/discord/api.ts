/** Discord's REST interface for what we send ourselves: one try per call, a deadline, and a slow-down told at once. */
import { DefaultRestOptions, RateLimitError, REST, RequestMethod, type RawFile, type RequestData } from 'discord.js';
import { waitAskedFor } from '#bot/chat/wait-asked-for.ts';

/** Discord asks to slow down (HTTP 429). Its own type, because the library would wait in line, and for ever at worst. */
export class SlowDown extends Error {
  readonly retryAfterMs: number;
  /** Discord's code where it gave one: 30046 is about edits of one old message, not about the channel. */
  readonly code: number;
  /** True when every call has to wait, not only this route. */
  readonly everywhere: boolean;

  constructor(retryAfterMs: number, code: number, everywhere: boolean) {
    super('Discord asks to slow down');
    this.name = 'SlowDown';
    this.retryAfterMs = retryAfterMs;
    this.code = code;
    this.everywhere = everywhere;
  }
}

/** How Discord's API is reached. */
export interface ApiOptions {
  token: string;
  /** For instance `https://discord.com/api`; null for that. The version is appended. */
  apiUrl: string | null;
  /** Longest wait for one answer, milliseconds. */
  timeoutMs: number;
}

/** Calls to Discord's API. They throw the library's errors, `SlowDown` for HTTP 429, and never repeat themselves. */
export interface Api {
  get(route: `/${string}`, query?: Record<string, string>): Promise<unknown>;
  /** `files` are sent along as a form; the body names them as its `attachments`. */
  post(route: `/${string}`, body: unknown, files?: readonly RawFile[]): Promise<unknown>;
  put(route: `/${string}`, body: unknown): Promise<unknown>;
  patch(route: `/${string}`, body: unknown): Promise<unknown>;
  /** Calls of an interaction carry its own token in the route, not ours. */
  respond(method: RequestMethod, route: `/${string}`, body: unknown): Promise<unknown>;
  close(): void;
}

/** Opens the way to Discord's API. */
export function createApi({ token, apiUrl, timeoutMs }: ApiOptions): Api {
  const rest = new REST({
    ...(apiUrl === null ? {} : { api: apiUrl }),
    // Repeating is decided by whoever called: only he knows whether it could happen twice.
    retries: 0,
    timeout: timeoutMs,
    // The library waits by itself where it knows that it has to; what takes longer than a call may is told instead.
    rejectOnRateLimit: ({ retryAfter }) => retryAfter > timeoutMs,
    async makeRequest(url, init) {
      const response = await DefaultRestOptions.makeRequest(url, init);
      if (response.status !== 429) return response;
      throw await slowDown(response);
    },
  });

  async function call(method: RequestMethod, route: `/${string}`, more: Partial<RequestData>): Promise<unknown> {
    // One refusal makes the library forget the token, and every later call fail without being sent.
    rest.setToken(token);
    try {
      return await rest.request({ ...more, fullRoute: route, method });
    } catch (error) {
      if (!(error instanceof RateLimitError)) throw error;
      throw new SlowDown(waitAskedFor(error.retryAfter / 1000), 0, error.global);
    }
  }

  return {
    get: (route, query) =>
      call(RequestMethod.Get, route, query === undefined ? {} : { query: new URLSearchParams(query) }),
    post: (route, body, files) =>
      call(RequestMethod.Post, route, files === undefined ? { body } : { body, files: [...files] }),
    put: (route, body) => call(RequestMethod.Put, route, { body }),
    patch: (route, body) => call(RequestMethod.Patch, route, { body }),
    respond: (method, route, body) => call(method, route, { body, auth: false }),
    close() {
      rest.clearHashSweeper();
      rest.clearHandlerSweeper();
    },
  };
}

async function slowDown(response: { headers: { get(name: string): string | null }; json(): Promise<unknown> }) {
  const body = await response.json().catch(() => null);
  const told = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const seconds = Number(response.headers.get('retry-after') ?? told['retry_after'] ?? 0);
  const everywhere = told['global'] === true || response.headers.get('x-ratelimit-global') !== null;
  return new SlowDown(waitAskedFor(seconds), Number(told['code'] ?? 0), everywhere);
}
