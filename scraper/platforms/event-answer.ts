/** What the three books' event steps have in common: ask for one event, parse it, count what was left out. */
import { ScrapeError } from '../errors.ts';
import type { Site } from '../platform.ts';
import type { EventOdds, WorkItem } from '../result.ts';
import type { PriceList, Skipped } from './price-list.ts';

/** One event as parsed, with what was left out of it. */
export interface ParsedEvent {
  event: EventOdds;
  skipped: Skipped;
  /** Known markets that could not be understood and were left out. */
  layoutProblems: number;
}

/** Joins an event's head with its prices; the title is rebuilt from the two names, trimmed and otherwise as printed. */
export function parsedEvent(
  head: Omit<EventOdds, 'kind' | 'sport' | 'event' | 'prices'>,
  list: PriceList,
): ParsedEvent {
  const home = head.home.trim();
  const away = head.away.trim();
  return {
    event: { ...head, kind: 'odds', sport: 'football', home, away, event: `${home} - ${away}`, prices: list.prices },
    skipped: list.skipped,
    layoutProblems: list.layoutProblems,
  };
}

/** The two names in `Home - Away`, split at the first ` - `; null when there is no such separator. */
export function splitTitle(title: string): { home: string; away: string } | null {
  const at = title.indexOf(' - ');
  return at < 0 ? null : { home: title.slice(0, at), away: title.slice(at + 3) };
}

/** Counts what an event left out, and refuses an answer about another event than the one asked for. */
export function eventRecord(parsed: ParsedEvent, item: WorkItem, site: Site): EventOdds {
  const { event, skipped, layoutProblems } = parsed;
  if (event.eventId !== item.key) throw new ScrapeError('drifted', `asked for event ${item.key}, got another one`);
  site.count('prices', event.prices.length);
  site.count('notOffered', skipped.notOffered);
  site.count('unknownMarket', skipped.unknownMarket);
  site.count('layoutProblems', layoutProblems);
  return event;
}
