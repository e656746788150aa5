/** BetPawa Nigeria. */
import type { Platform } from '../../platform.ts';
import { eventRecord } from '../event-answer.ts';
import { discover } from './discover.ts';
import { parseEvent } from './parse.ts';

export { parseEvent } from './parse.ts';

/**
 * Two steps: slices of upcoming events, then each event with all its markets. Without `accept: application/json` it
 * answers in protobuf, and the brand must be the one of the host.
 */
export const betpawa: Platform = {
  id: 'betpawa',
  title: 'betPawa',
  noun: { one: 'event', many: 'events' },
  baseUrl: 'https://www.betpawa.ng',
  baseUrlVariable: 'BETPAWA_URL',
  country: 'ng',
  headers: {
    accept: 'application/json',
    'x-pawa-brand': 'betpawa-nigeria',
    'x-pawa-language': 'en',
    devicetype: 'web',
    referer: 'https://www.betpawa.ng/',
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
        const answer = await site.http.json({ path: `/api/sportsbook/v4/events/${encodeURIComponent(item.key)}` });
        return [eventRecord(parseEvent(answer, site.now()), item, site)];
      },
    },
  ],
};
