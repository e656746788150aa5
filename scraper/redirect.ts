/** Redirects, followed by hand: each hop is checked before anything is sent there. */
import type { Outgoing } from './client.ts';
import { ScrapeError } from './errors.ts';
import type { RawAnswer } from './request.ts';
import { fromWild } from './well-formed.ts';

const redirectStatuses = new Set([301, 302, 303, 307, 308]);
/** The only headers that go to another origin by themselves: brand, key and authorization belong to the one they were meant for. */
const travelling = /^(?:accept(?:-.*)?|user-agent)$/;

/** Where a site may lead. */
export interface Own {
  /** Its hosts, and port unless the usual one. */
  hosts: readonly string[];
  /** Names of headers, in lower case, that are meant for all of them. */
  headers: readonly string[];
}

/** The request an answer asks for instead, or null when it is no redirect. */
export function redirected(outgoing: Outgoing, answer: RawAnswer, own: Own): Outgoing | null {
  if (!redirectStatuses.has(answer.status)) return null;
  const { location } = answer.headers;
  if (!location) throw new ScrapeError('api_error', `status ${answer.status} without a location`);
  // Node hands header bytes over as Latin-1; sites send addresses in UTF-8.
  const url = URL.parse(Buffer.from(location, 'latin1').toString(), outgoing.url.href);
  if (!url) throw new ScrapeError('api_error', `status ${answer.status} to an address that is none`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ScrapeError('drifted', `redirected to ${fromWild(url.protocol, 40)}, which is not the web`);
  }
  if (url.host !== outgoing.url.host && !own.hosts.includes(url.host)) {
    throw new ScrapeError('drifted', `redirected to ${fromWild(url.host, 200)}, which is not one of its hosts`);
  }
  url.username = '';
  url.password = '';
  url.hash = '';
  const sameOrigin = url.origin === outgoing.url.origin;
  return { url, ...carriedOver(outgoing, answer.status, sameOrigin, own.headers) };
}

function carriedOver(
  outgoing: Outgoing,
  status: number,
  sameOrigin: boolean,
  meant: readonly string[],
): Omit<Outgoing, 'url'> {
  const { method, headers, body } = outgoing;
  const keepsMethod = status === 307 || status === 308 || method === 'GET';
  if (!sameOrigin) {
    if (keepsMethod && body !== undefined)
      throw new ScrapeError('drifted', 'redirected with its body to another origin');
    const safe = Object.entries(headers).filter(([name]) => travelling.test(name) || meant.includes(name));
    return { method: 'GET', headers: Object.fromEntries(safe), body: undefined };
  }
  if (keepsMethod) return { method, headers, body };
  const { 'content-type': _, ...rest } = headers;
  return { method: 'GET', headers: rest, body: undefined };
}
