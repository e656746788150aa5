/**
 * A browser's headers and TLS hello, sent by Node's own client: got-scraping's own sending costs a third more an event, and
 * takes any certificate and any amount of data.
 */
import http from 'node:http';
import https from 'node:https';
import type { Browser } from './browser.ts';
import { type ConnectTerms, createAgents } from './connect.ts';
import { acceptedEncodings } from './decompress.ts';

/** Header names in lower case. */
export type Headers = Record<string, string>;

/** One request as it goes out. */
export interface Outgoing {
  url: URL;
  method: 'GET' | 'POST';
  headers: Headers;
  body: string | undefined;
}

/** Connections and browser-like headers, the same for all requests of one site and closed together. */
export interface Client {
  /** What a browser would send; a site's own headers go over these. */
  readonly headers: Headers;
  /** Starts a request, whose answer comes raw: still compressed, redirects not followed. Throws for a header that is none. */
  start(outgoing: Outgoing): http.ClientRequest;
  close(): void;
}

/**
 * One browser for one site; its connections are made as {@link ConnectTerms} say. HTTP/1.1: an aborted request costs one
 * connection instead of a session shared with others.
 */
export function createClient(browser: Browser, terms: Omit<ConnectTerms, 'tls'>): Client {
  const agents = createAgents({ ...terms, tls: browser.tls });
  const arranged = arrangement(browser);
  return {
    headers: { ...browser.headers, 'accept-encoding': acceptedEncodings },
    start({ url, method, headers, body }) {
      const secure = url.protocol === 'https:';
      const request = (secure ? https : http).request({
        host: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port || (secure ? 443 : 80),
        path: url.pathname + url.search,
        method,
        agent: secure ? agents.https : agents.http,
        headers: arranged(url.host, headers, body),
      });
      return request.end(body);
    },
    close: agents.close,
  };
}

/**
 * Headers in a browser's order and spelling, name after value: the order is worked out once for each set of names, and all
 * of it once for headers that are the same object as before.
 */
function arrangement(
  browser: Browser,
): (host: string, headers: Headers, body: string | undefined) => readonly string[] {
  const known = new Map<string, readonly (readonly [name: string, spelled: string])[]>();
  const arranged = new WeakMap<Headers, { host: string; list: readonly string[] }>();

  function inBrowsersOrder(headers: Headers): readonly string[] {
    const key = `${headers['user-agent']}\n${Object.keys(headers).join('\n')}`;
    let order = known.get(key);
    if (order === undefined) known.set(key, (order = inOrder(browser, headers)));
    return order.flatMap(([name, spelled]) => [spelled, headers[name] ?? '']);
  }

  return (host, headers, body) => {
    if (body !== undefined) {
      const length = String(Buffer.byteLength(body));
      return inBrowsersOrder({ host, connection: 'keep-alive', ...headers, 'content-length': length });
    }
    const before = arranged.get(headers);
    if (before?.host === host) return before.list;
    const list = inBrowsersOrder({ host, connection: 'keep-alive', ...headers });
    arranged.set(headers, { host, list });
    return list;
  };
}

function inOrder(browser: Browser, headers: Headers): (readonly [string, string])[] {
  const spelled = Object.fromEntries(Object.entries(headers).map(([name, value]) => [spelling(name), value]));
  return browser.inOrder(spelled).map((name) => [name.toLowerCase(), name]);
}

/** `User-Agent`; what begins with `x-` stays as it is. */
function spelling(name: string): string {
  if (name.startsWith('x-')) return name;
  return name.replace(/(^|-)([a-z])/g, (_, before: string, first: string) => before + first.toUpperCase());
}
