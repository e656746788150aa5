/** BetPawa, in Nigeria unless set otherwise. */
import type { Platform } from '../../platform.ts';
import { eventRecords } from '../event-answer.ts';
import { discover } from './discover.ts';
import { Options, siteOf } from './options.ts';
import { parseEvent } from './parse.ts';

export { parseEvent } from './parse.ts';

/** The platform as the registry knows it. */
export const betpawa: Platform = betpawaAt(Options.parse({}));

/**
 * Two steps: slices of upcoming events, then each event with all its markets. Without `accept: application/json` it
 * answers in protobuf, and the brand must be the one of the host.
 */
function betpawaAt(options: Options): Platform {
  const { country, zeroLineLeftOut } = options.site;
  const host = options.site.host ?? siteOf(country)?.host ?? '';
  const brand = options.site.brand ?? siteOf(country)?.brand ?? '';
  return {
    id: 'betpawa',
    title: 'betPawa',
    noun: { one: 'event', many: 'events' },
    baseUrl: `https://${host}`,
    baseUrlVariable: 'BETPAWA_URL',
    country,
    headers: {
      accept: 'application/json',
      'x-pawa-brand': brand,
      'x-pawa-language': 'en',
      devicetype: 'web',
      referer: `https://${host}/`,
    },
    // Addresses under a country's own ending, like www.betpawa.co.ug, lead to the host of the country with a 308.
    redirectHosts: [host, siteOf(country)?.host ?? host],
    redirectHeaders: ['x-pawa-brand', 'x-pawa-language', 'devicetype'],
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
          const answer = await site.http.json({ path: `/api/sportsbook/v4/events/${encodeURIComponent(item.key)}` });
          return eventRecords(parseEvent(answer, site.now(), { country: site.country, zeroLineLeftOut }), item, site);
        },
      },
    ],
    configure: (wanted) => betpawaAt(Options.parse(wanted)),
  };
}
