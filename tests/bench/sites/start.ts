/** Starts the bench's sites as processes of their own, so that what is measured does not share a loop with them. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { DemoOptions, DemoSiteId, Mood } from '../../demo-sites/index.ts';
import { keep } from '../world.ts';

/** A site that answers with one event or one lot, whatever was asked for. */
export interface BenchSite {
  http: string;
  https: string;
  /** `http:` address of the proxy. */
  proxy: string;
  /** TLS handshakes and tunnels since the last time that it was asked. */
  counted(): Promise<{ handshakes: number; tunnels: number }>;
}

const sites = new Map<number, Promise<BenchSite>>();

/** The site that answers after so many milliseconds; there is one of each for the whole bench. */
export function siteWith(latencyMs: number): Promise<BenchSite> {
  const known = sites.get(latencyMs) ?? startSite(latencyMs);
  sites.set(latencyMs, known);
  return known;
}

async function startSite(latencyMs: number): Promise<BenchSite> {
  const site = keep(startChild('./site.ts', String(latencyMs)));
  const { http, https, proxy } = await site.next<{ http: number; https: number; proxy: number }>();
  return {
    http: `http://127.0.0.1:${http}`,
    https: `https://localhost:${https}`,
    proxy: `http://127.0.0.1:${proxy}`,
    counted() {
      site.type('counts');
      return site.next();
    },
  };
}

/** The three books and the auctions, invented. */
export interface Books extends AsyncDisposable {
  /** The environment that leads to them. */
  env: Record<string, string>;
  setMood(site: DemoSiteId, mood: Mood): void;
  /** How many requests each has had. */
  requests(): Promise<Record<DemoSiteId, number>>;
}

/** Starts them. */
export async function startBooks(options: DemoOptions): Promise<Books> {
  const books = startChild('./books.ts', JSON.stringify(options));
  return {
    env: await books.next(),
    setMood: (site, mood) => books.type(JSON.stringify({ site, mood })),
    requests() {
      books.type('requests');
      return books.next();
    },
    [Symbol.asyncDispose]: () => books[Symbol.asyncDispose](),
  };
}

function startChild(script: string, argument: string) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [path, argument], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = new Promise((resolve) => child.once('close', resolve));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    type: (line: string) => void child.stdin.write(`${line}\n`),
    /** The next line of JSON that it says. */
    async next<T>(): Promise<T> {
      const { value } = await lines.next();
      return JSON.parse(value as string) as T;
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await exit;
    },
  };
}
