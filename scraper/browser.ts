/**
 * What a browser sends, by got-scraping: its headers, their order, and its TLS hello. Loaded with the first scrape, as it
 * takes a third of a second and 35 MB, which a bot without scrapes can do without.
 */
import type { SecureContextOptions } from 'node:tls';
import { gotScraping, hooks } from 'got-scraping';
import type { Headers } from './client.ts';

/** One browser: made once for a site, so that it sees the same one from the first to the last request. */
export interface Browser {
  /** What it would send. */
  readonly headers: Headers;
  /** Ciphers, curves and versions as it offers them. */
  readonly tls: SecureContextOptions;
  /** Names of headers as it spells them, in its order, by the `User-Agent` among them. */
  inOrder(headers: Headers): string[];
}

interface HeaderGenerator {
  getHeaders(options: { httpVersion: string }): Headers;
  /** By the browser that `User-Agent` names. */
  orderHeaders(headers: Headers): Headers;
}

/** Another browser each time, of those that got-scraping knows. */
export function createBrowser(): Browser {
  const generator = gotScraping.defaults.options.context['headerGenerator'] as HeaderGenerator;
  const made = Object.entries(generator.getHeaders({ httpVersion: '1' }));
  const headers = Object.fromEntries(made.map(([name, value]) => [name.toLowerCase(), value]));
  return { headers, tls: tlsOf(headers), inOrder: (spelled) => Object.keys(generator.orderHeaders(spelled)) };
}

function tlsOf(headers: Headers): SecureContextOptions {
  const options: { headers: Headers; https: Record<string, unknown>; _unixOptions?: Record<string, unknown> } = {
    headers,
    https: {},
  };
  hooks.tlsHook(options as never);
  const { https: offered, _unixOptions: more } = options;
  const { signatureAlgorithms: sigalgs, ...rest } = offered;
  return { ...rest, ...more, sigalgs } as SecureContextOptions;
}
