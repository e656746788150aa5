/** A platform made for tests: a listing that names items, and a page per item, on a loopback site. */
import type { ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { createPaces } from '#scraper/pace.ts';
import type { Discovery, Pace, Platform, Site, Step } from '#scraper/platform.ts';
import type { PlatformResult, ScrapedRecord, WorkItemSeed } from '#scraper/result.ts';
import { type RunOptions, runPlatform } from '#scraper/run-steps.ts';
import { handClock } from '../helpers/hand-clock.ts';
import { type Loopback, serve } from '../helpers/loopback.ts';
import { memoryContext, type MemoryContext, seedsOf } from '../helpers/memory-context.ts';

export const record = (eventId: string) => ({ kind: 'odds', eventId }) as ScrapedRecord;

/** Asks `/list` for keys and `/item/<key>` for each. */
export const toySteps: readonly Step[] = [
  {
    kind: 'discover',
    name: 'discover',
    feeds: 'extract',
    async *discover(site: Site): AsyncGenerator<WorkItemSeed[]> {
      yield seedsOf(...((await site.http.json({ path: '/list' })) as string[]));
    },
  },
  {
    kind: 'items',
    name: 'extract',
    async work(item, site) {
      await site.http.text({ path: `/item/${item.key}` });
      return [record(item.key)];
    },
  },
];

/** A discover step made of a generator. */
export function discovering(find: (site: Site) => Discovery): Step {
  return { kind: 'discover', name: 'discover', feeds: 'extract', discover: find };
}

export function toyPlatform(steps: readonly Step[] = toySteps, pace: Partial<Pace> = {}): Platform {
  return {
    id: 'toy',
    title: 'Toy',
    noun: { one: 'event', many: 'events' },
    baseUrl: 'http://toy.invalid',
    baseUrlVariable: 'TOY_URL',
    country: 'ng',
    headers: {},
    pace: { concurrency: 1, gapMs: 0, stopAfter: 3, ...pace },
    maxAgeMs: 60_000,
    steps,
  };
}

/** What the site does with an item: a status, a status with headers, or an answer written by hand. */
export type Behaviour =
  number | [status: number, headers: Record<string, string>] | ((response: ServerResponse) => void);

/** A site with these items in its listing; what is not named otherwise is answered with 200. */
export async function toySite(keys: string[], behaviours: Record<string, Behaviour> = {}): Promise<Loopback> {
  const site = await serve(({ url = '' }, response) => {
    const behaviour = behaviours[url] ?? 200;
    if (typeof behaviour === 'function') return behaviour(response);
    const [status, headers] = typeof behaviour === 'number' ? [behaviour, {}] : behaviour;
    response.writeHead(status, headers).end(url === '/list' ? JSON.stringify(keys) : 'ok');
  });
  onTestFinished(() => site[Symbol.asyncDispose]());
  return site;
}

/** Runs the toy against a site, with no waiting; internal errors are collected. */
export function runToy(
  site: Loopback | string,
  more: Partial<RunOptions> & { platform?: Platform; context?: MemoryContext; errors?: unknown[] } = {},
): Promise<PlatformResult> {
  const { platform = toyPlatform(), context = memoryContext(), errors = [], ...options } = more;
  const clock = handClock();
  return runPlatform(platform, context, {
    baseUrl: typeof site === 'string' ? site : site.url,
    now: () => new Date(clock.now()),
    onInternalError: (error) => void errors.push(error),
    ...options,
    http: { clock, paces: createPaces(), random: () => 0, ...options.http },
  });
}
