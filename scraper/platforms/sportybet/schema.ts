/** SportyBet's answers: only what we use, and nothing about the rest. */
import { z } from 'zod';
import { identifiedList, idText, itemId, list } from '../shape.ts';

/** Every answer's wrapper; `data` may be absent, and business errors come with HTTP 200 too. */
export const Envelope = z.object({ bizCode: z.number(), data: z.unknown().optional() });

/** Events as lists show them, by tournament; a tournament may be empty, or continue on the next page. */
export const Tournaments = list(
  z.object({
    events: list(
      z.object({
        eventId: itemId,
        estimateStartTime: z.number(),
        homeTeamName: z.string().nullish(),
        awayTeamName: z.string().nullish(),
      }),
    ).nullish(),
  }),
);
export type Tournaments = z.output<typeof Tournaments>;

/** A page of upcoming events. An idle day has no tournaments, or `data: []`. */
export const Listing = z.object({ totalNum: z.number().nullish(), tournaments: Tournaments.nullish() });

const Source = z.object({ sourceType: z.string().nullish(), sourceId: idText.nullish() }).nullish();

/** Which sport an event is of, which comes before everything else. */
export const EventSport = z.object({ sport: z.object({ id: z.string() }) });

/** One event. Its markets are looked at one by one: up to a thousand come, and seven are ours. */
export const Event = z.object({
  eventId: itemId,
  estimateStartTime: z.number(),
  status: z.number(),
  homeTeamName: z.string(),
  awayTeamName: z.string(),
  sport: z.object({
    id: z.string(),
    category: z.object({
      name: z.string().nullish(),
      tournament: z.object({ id: z.string().nullish(), name: z.string() }),
    }),
  }),
  eventSource: z.object({ preMatchSource: Source, liveSource: Source }).nullish(),
  markets: identifiedList,
});
export type Event = z.output<typeof Event>;

/** One of our markets. The same id repeats once per line, which stands in `specifier`. */
export const Market = z.object({
  id: idText,
  specifier: z.string().nullish(),
  status: z.number(),
  lastOddsChangeTime: z.number().nullish(),
  outcomes: list(z.object({ id: idText, odds: z.union([z.string(), z.number()]), isActive: z.number() })),
});
export type Market = z.output<typeof Market>;
