/** Scraping events and lots: ours with all it promises, beside what people take instead, and what Node.js can at most. */
import { outcomeOf, outcomeOfPeer } from '../children.ts';
import { figure, times, type Figures, type Goal, type Line } from '../line.ts';
import type { ScrapingOutcome, ScrapingTask } from '../scraping/timed.ts';
import { siteWith } from '../sites/start.ts';

const rate = 'requests/s';
const cpu = 'CPU-s per 1,000';

const kinds = {
  json: { words: 'JSON of 22 kB', warmUp: 300, count: 1_500 },
  html: { words: 'HTML of 120 kB', warmUp: 100, count: 400 },
} as const;

type Kind = keyof typeof kinds;

/** What is wanted where; elsewhere it is only measured. */
function goalsOf(kind: Kind, latencyMs: number, concurrency: number): Goal[] {
  if (latencyMs !== 20 || concurrency !== 50) return [];
  const what = `${kinds[kind].words}, 20 ms, 50 at once`;
  if (kind === 'html')
    return [{ what, unit: '× Crawlee', least: 5, of: (round) => times(round, rate, 'ours', 'Crawlee') }];
  return [
    { what, unit: '× Crawlee', least: 4, of: (round) => times(round, rate, 'ours', 'Crawlee') },
    { what, unit: '× bare undici', least: 0.75, of: (round) => times(round, rate, 'ours', 'bare undici') },
    { what, unit: 'CPU-s per 1,000', most: 0.7, of: (round) => figure(round, 'ours', cpu) },
  ];
}

function scraping(kind: Kind, latencyMs: number, concurrency: number): Line {
  const { words, warmUp, count } = kinds[kind];
  async function task(): Promise<ScrapingTask> {
    return { kind, url: (await siteWith(latencyMs)).http, concurrency, warmUp, count };
  }
  return {
    title: `Scraping ${words}, answered after ${latencyMs} ms, ${concurrency} at once`,
    ways: [
      { name: 'ours', measure: async () => inFigures(count, await outcomeOf('./scraping/ours.ts', await task())) },
      { name: 'Crawlee', measure: async () => inFigures(count, await outcomeOfPeer('crawlee.mjs', await task())) },
      {
        name: kind === 'json' ? 'got-scraping' : 'got-scraping and cheerio',
        measure: async () => inFigures(count, await outcomeOfPeer('got-scraping.mjs', await task())),
      },
      { name: 'bare undici', measure: async () => inFigures(count, await outcomeOfPeer('undici.mjs', await task())) },
    ],
    goals: goalsOf(kind, latencyMs, concurrency),
  };
}

function inFigures(count: number, { seconds, cpuSeconds, peakMb }: ScrapingOutcome): Figures {
  return { [rate]: count / seconds, [cpu]: (cpuSeconds * 1_000) / count, 'MB at most': peakMb };
}

/** Each kind of answer from a near and a far site, with few and with many requests at once. */
export const scrapingLines: readonly Line[] = (['json', 'html'] as const).flatMap((kind) =>
  [0, 20].flatMap((latencyMs) => [10, 50].map((concurrency) => scraping(kind, latencyMs, concurrency))),
);
