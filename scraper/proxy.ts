/** The proxy a platform may be asked through: a tunnel per connection, and its password in one header only. */
import http from 'node:http';
import https from 'node:https';
import { isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';

/** A proxy, its password already out of the address. */
export interface Proxy {
  url: URL;
  /** What it wants to see as `proxy-authorization`, or null. */
  authorization: string | null;
}

/** Where a tunnel leads. */
export interface Target {
  host: string;
  port: number;
}

/** How a tunnel is opened. */
export interface TunnelTerms {
  /** How long the proxy may take, milliseconds. */
  withinMs: number;
  /** Ends the opening; an open tunnel is no longer touched. */
  signal: AbortSignal;
  /** PEM; for a proxy whose certificate comes from an authority of its own. */
  certificateAuthority?: string;
}

/** The proxy did not let us through. Of what happened only a code is kept: `ERR_PROXY_407`, `ERR_PROXY_ECONNREFUSED`. */
export class ProxyError extends Error {
  override name = 'ProxyError';
  readonly code: string;

  constructor(what: string | number) {
    super('The proxy did not let us through');
    this.code = `ERR_PROXY_${what}`;
  }
}

/** Opens a connection to the target through the proxy (CONNECT). Rejects with a {@link ProxyError}. */
export function openTunnel({ url, authorization }: Proxy, target: Target, terms: TunnelTerms): Promise<Duplex> {
  const authority = `${isIPv6(target.host) ? `[${target.host}]` : target.host}:${target.port}`;
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
  const request = (url.protocol === 'https:' ? https : http).request({
    method: 'CONNECT',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port,
    path: authority,
    headers: { host: authority, ...(authorization !== null && { 'proxy-authorization': authorization }) },
    agent: false,
    ...(terms.certificateAuthority !== undefined && { ca: terms.certificateAuthority }),
  });
  const end = () => request.destroy();
  const late = setTimeout(() => reject(new ProxyError('ETIMEDOUT')), terms.withinMs);
  terms.signal.addEventListener('abort', end, { once: true });
  request.once('connect', ({ statusCode = 0 }, socket, head) => {
    if (statusCode !== 200) {
      socket.destroy();
      reject(new ProxyError(statusCode));
      return;
    }
    if (head.length > 0) socket.unshift(head);
    resolve(socket);
  });
  request.on('error', (error: NodeJS.ErrnoException) => reject(new ProxyError(error.code ?? 'ERROR')));
  // An ordinary answer: whatever it is, it is no tunnel.
  request.once('response', ({ statusCode = 0 }) => reject(new ProxyError(statusCode)));
  request.end();
  return promise
    .catch((error: unknown) => {
      end();
      throw error;
    })
    .finally(() => {
      clearTimeout(late);
      terms.signal.removeEventListener('abort', end);
    });
}
