/** What the three books' event steps have in common: what an answer about an event comes to, and what is said about it. */
import { driftKey, type Drift } from '../drift.ts';
import { drifted } from '../errors.ts';
import type { Site } from '../platform.ts';
import type { EventOdds, WorkItem } from '../result.ts';
import type { PriceList, Skipped } from './price-list.ts';

/** One football event as parsed, with what was left out of it. */
export interface ParsedEvent {
  kind: 'event';
  event: EventOdds;
  skipped: Skipped;
  /** Why markets of ours could not be understood and were left out. */
  drifts: Drift[];
  /** Where the site behaves otherwise than we knew; our words, for the log. */
  remarks: string[];
}

/** What an answer about an event comes to. Other sports are an answer as well, and none of ours. */
export type EventAnswer = ParsedEvent | { kind: 'other_sport'; sport: string };

/**
 * Joins an event's head with its prices; the title is rebuilt from the two names, trimmed and otherwise as printed. Before a
 * match, many markets without one of ours mean that the book has numbered them anew: to take that for "nothing is
 * offered" would wipe out the prices that are stored. During a match only odd ones may be left.
 */
export function parsedEvent(
  head: Omit<EventOdds, 'kind' | 'sport' | 'event' | 'prices' | 'unread'>,
  list: PriceList,
  remarks: readonly string[] = [],
): ParsedEvent {
  if (list.foreign && !head.live) throw drifted({ path: 'the list of markets', problem: 'holds none that we know' });
  const home = head.home.trim();
  const away = head.away.trim();
  const event: EventOdds = {
    ...head,
    kind: 'odds',
    sport: 'football',
    home,
    away,
    event: `${home} - ${away}`,
    prices: list.prices,
    ...(list.unread.length > 0 && { unread: list.unread }),
  };
  return { kind: 'event', event, skipped: list.skipped, drifts: list.drifts, remarks: [...remarks] };
}

/** The two names in `Home - Away`, split at the first ` - `; null when there is no such separator. */
export function splitTitle(title: string): { home: string; away: string } | null {
  const at = title.indexOf(' - ');
  return at < 0 ? null : { home: title.slice(0, at), away: title.slice(at + 3) };
}

/**
 * The records of an answer, with what it left out counted. A market that could not be read is noted once per step, and an
 * answer about another event than the one asked for is refused.
 */
export function eventRecords(answer: EventAnswer, item: WorkItem, site: Site): EventOdds[] {
  if (answer.kind === 'other_sport') {
    site.count('otherSport');
    site.remark('an event of another sport came among the football events; it is left out');
    return [];
  }
  const { event, skipped, drifts, remarks } = answer;
  if (event.eventId !== item.key) throw drifted({ path: 'the event', problem: 'is another than the one asked for' });
  site.count('prices', event.prices.length);
  site.count('notOffered', skipped.notOffered);
  site.count('unknownMarket', skipped.unknownMarket);
  site.count('unreadMarket', event.unread?.length ?? 0);
  for (const drift of drifts) site.note(drifted(drift), driftKey(drift));
  if (drifts.length > 0) site.keepAnswer();
  for (const remark of remarks) site.remark(remark);
  return [event];
}
