/** Bet9ja, which is Nigerian only. */
import type { Platform } from '../../platform.ts';
import { eventRecords } from '../event-answer.ts';
import { discover } from './discover.ts';
import { ask } from './feed.ts';
import { Options } from './options.ts';
import { parseEvent } from './parse.ts';

export { parseEvent } from './parse.ts';

/** The platform as the registry knows it. */
export const bet9ja: Platform = bet9jaWith(Options.parse({}));

/**
 * Two steps: every soccer group's events, then each event with all its odds. The slowest to be asked: others have been
 * blocked above 15 requests at once. One project says that the feed refuses requests without the referer.
 */
function bet9jaWith(options: Options): Platform {
  return {
    id: 'bet9ja',
    title: 'Bet9ja',
    noun: { one: 'event', many: 'events' },
    baseUrl: 'https://sports.bet9ja.com',
    baseUrlVariable: 'BET9JA_URL',
    country: 'ng',
    headers: { accept: 'application/json, text/plain, */*', referer: 'https://sports.bet9ja.com/' },
    pace: { concurrency: 4, gapMs: 40, stopAfter: 5 },
    // A book sells prices: where half of its events have none, its markets are read wrongly.
    expects: { fields: { prices: 0.5 } },
    maxAgeMs: 10 * 60_000,
    steps: [
      { kind: 'discover', name: 'discover', feeds: 'extract', discover: (site) => discover(site, options) },
      {
        kind: 'items',
        name: 'extract',
        async work(item, site) {
          const answer = await ask(site, options, 'GetEvent', { EVENTID: item.key });
          return eventRecords(parseEvent(answer, site.now(), options.site.startDateOffsetMinutes), item, site);
        },
      },
    ],
    configure: (wanted) => bet9jaWith(Options.parse(wanted)),
  };
}
