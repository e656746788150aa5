/** SportyBet Nigeria. */
import type { Platform } from '../../platform.ts';
import { eventRecord } from '../event-answer.ts';
import { discover } from './discover.ts';
import { parseEvent } from './parse.ts';

export { parseEvent } from './parse.ts';

/**
 * Two steps: pages of upcoming events, then each event with all its markets. Its firewall answers 202 with an empty
 * body rather than 403. `operid` 2 is Nigeria.
 */
export const sportybet: Platform = {
  id: 'sportybet',
  title: 'SportyBet',
  noun: { one: 'event', many: 'events' },
  baseUrl: 'https://www.sportybet.com',
  baseUrlVariable: 'SPORTYBET_URL',
  country: 'ng',
  headers: {
    accept: '*/*',
    'accept-language': 'en',
    clientid: 'web',
    operid: '2',
    platform: 'web',
    referer: 'https://www.sportybet.com/ng/',
  },
  pace: { concurrency: 6, gapMs: 20, stopAfter: 5 },
  // A book sells prices: where half of its events have none, its markets are read wrongly.
  expects: { fields: { prices: 0.5 } },
  maxAgeMs: 10 * 60_000,
  steps: [
    { kind: 'discover', name: 'discover', feeds: 'extract', discover },
    {
      kind: 'items',
      name: 'extract',
      async work(item, site) {
        const answer = await site.http.json({
          path: `/api/${site.country}/factsCenter/event`,
          query: { eventId: item.key, productId: 3, _t: site.now().getTime() },
        });
        return [eventRecord(parseEvent(answer, site.now(), site.country), item, site)];
      },
    },
  ],
};
