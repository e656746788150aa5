/** HTTPS through a proxy: how many requests a second, and how often both had to be connected to anew. */
import { outcomeOf, outcomeOfPeer } from '../children.ts';
import { figure, times, type Figures, type Line } from '../line.ts';
import type { ScrapingOutcome, ScrapingTask } from '../scraping/timed.ts';
import { siteWith } from '../sites/start.ts';

const concurrency = 10;
const warmUp = 60;
const count = 300;
const rate = 'requests/s';
const handshakes = 'TLS handshakes';

async function through(scrape: (task: ScrapingTask) => Promise<ScrapingOutcome>): Promise<Figures> {
  const { https, proxy, counted } = await siteWith(0);
  await counted();
  const outcome = await scrape({ kind: 'json', url: https, proxy, concurrency, warmUp, count });
  const { handshakes: made, tunnels } = await counted();
  return { [rate]: count / outcome.seconds, [handshakes]: made, tunnels };
}

export const httpsThroughProxy: Line = {
  title: `Scraping JSON of 22 kB over HTTPS through a proxy, ${concurrency} at once`,
  note: `Handshakes and tunnels are those of ${warmUp + count} requests, in two attempts of ours with connections of their own.`,
  ways: [
    { name: 'ours', measure: () => through((task) => outcomeOf('./scraping/ours.ts', task)) },
    { name: 'got-scraping, proxyUrl', measure: () => through((task) => outcomeOfPeer('got-scraping.mjs', task)) },
    { name: 'bare undici, ProxyAgent', measure: () => through((task) => outcomeOfPeer('undici.mjs', task)) },
  ],
  goals: [
    {
      what: 'HTTPS through a proxy, 10 at once',
      unit: '× got-scraping’s proxyUrl',
      least: 3,
      of: (round) => times(round, rate, 'ours', 'got-scraping, proxyUrl'),
    },
    {
      what: 'HTTPS through a proxy: handshakes of an attempt, for each request at once',
      unit: '',
      most: 1,
      of: (round) => figure(round, 'ours', handshakes) / 2 / concurrency,
    },
  ],
};
