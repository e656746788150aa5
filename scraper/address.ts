/** Addresses of requests: a base from the configuration and what a platform asks for under it. */
import type { Headers } from './client.ts';
import type { Proxy } from './proxy.ts';

/** A site's base address: without credentials, which become a header that stays at home. */
export interface Base {
  url: URL;
  headers: Headers;
}

/** Reads a base address; throws without repeating it, for it may hold a password. */
export function readBase(baseUrl: string): Base {
  const read = readWithoutCredentials(baseUrl);
  if (!read) throw new Error('The base address of a platform must be an http: or https: address');
  return { url: read.url, headers: read.basic === null ? {} : { authorization: read.basic } };
}

/** Reads a proxy's address; throws without repeating it. */
export function readProxy(proxyUrl: string): Proxy {
  const read = readWithoutCredentials(proxyUrl);
  if (!read) throw new Error('The proxy of a platform must be an http: or https: address');
  return { url: read.url, authorization: read.basic };
}

/** A web address without its user and password, and these as basic authentication; null when it is none. */
function readWithoutCredentials(address: string): { url: URL; basic: string | null } | null {
  const url = URL.parse(address);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null;
  const { username, password } = url;
  url.username = '';
  url.password = '';
  if (username === '' && password === '') return { url, basic: null };
  const credentials = Buffer.from(`${decoded(username)}:${decoded(password)}`);
  return { url, basic: `Basic ${credentials.toString('base64')}` };
}

/** Passwords are pasted as they are: a bare `%` in one is itself, and no error that quotes it. */
function decoded(part: string): string {
  return part.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

/** The address under a base. Set part by part, so that no path can name another host or bring a query of its own. */
export function addressUnder(base: URL, path: string, query: Record<string, string | number> = {}): URL {
  const url = new URL(base);
  url.pathname = base.pathname.replace(/\/$/, '') + (path.startsWith('/') ? path : `/${path}`);
  // Once: each change reads the whole address anew.
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) search.set(name, String(value));
  url.search = search.toString();
  if (url.hash !== '') url.hash = '';
  return url;
}
