/** SportyBet, in Nigeria unless set otherwise. */
import type { Platform } from '../../platform.ts';
import { eventRecords } from '../event-answer.ts';
import { discover } from './discover.ts';
import { Options } from './options.ts';
import { parseEvent } from './parse.ts';

export { parseEvent } from './parse.ts';

/** The platform as the registry knows it. */
export const sportybet: Platform = sportybetAt(Options.parse({}));

/**
 * Two steps: pages of upcoming events, then each event with all its markets. Its firewall answers 202 with an empty
 * body rather than 403.
 */
function sportybetAt(options: Options): Platform {
  const { country, operid = country === 'ng' ? '2' : undefined } = options.site;
  return {
    id: 'sportybet',
    title: 'SportyBet',
    noun: { one: 'event', many: 'events' },
    baseUrl: 'https://www.sportybet.com',
    baseUrlVariable: 'SPORTYBET_URL',
    country,
    headers: {
      accept: '*/*',
      'accept-language': 'en',
      clientid: 'web',
      ...(operid && { operid }),
      platform: 'web',
      referer: `https://www.sportybet.com/${country}/`,
    },
    pace: { concurrency: 6, gapMs: 20, stopAfter: 5 },
    // A book sells prices: where half of its events have none, its markets are read wrongly.
    expects: { fields: { prices: 0.5 } },
    maxAgeMs: 10 * 60_000,
    steps: [
      { kind: 'discover', name: 'discover', feeds: 'extract', discover: (site) => discover(site, options) },
      {
        kind: 'items',
        name: 'extract',
        async work(item, site) {
          const answer = await site.http.json({
            path: `/api/${site.country}/factsCenter/event`,
            query: { eventId: item.key, productId: 3, _t: site.now().getTime() },
          });
          return eventRecords(parseEvent(answer, site.now(), site.country), item, site);
        },
      },
    ],
    configure: (wanted) => sportybetAt(Options.parse(wanted)),
  };
}
