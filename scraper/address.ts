/** Addresses of requests: a base from the configuration and what a platform asks for under it. */
import type { Headers } from './client.ts';

/** A site's base address: without credentials, which become a header that stays at home. */
export interface Base {
  url: URL;
  headers: Headers;
}

/** Reads a base address; throws without repeating it, for it may hold a password. */
export function readBase(baseUrl: string): Base {
  const url = URL.parse(baseUrl);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Error('The base address of a platform must be an http: or https: address');
  }
  const { username, password } = url;
  url.username = '';
  url.password = '';
  if (username === '' && password === '') return { url, headers: {} };
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  return { url, headers: { authorization: `Basic ${credentials.toString('base64')}` } };
}

/** The address under a base. Set part by part, so that no path can name another host or bring a query of its own. */
export function addressUnder(base: URL, path: string, query: Record<string, string | number> = {}): URL {
  const url = new URL(base);
  url.pathname = base.pathname.replace(/\/$/, '') + (path.startsWith('/') ? path : `/${path}`);
  url.search = '';
  url.hash = '';
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  return url;
}
