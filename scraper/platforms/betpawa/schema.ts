/**
 * BetPawa's answers: only what we use. Version 4 is JSON of a protobuf: false, null and 0 are left out, and 64-bit
 * numbers are text. Version 3 has the same tree with `price` for `odds`.
 */
import { z } from 'zod';
import { idText, itemId, list } from '../shape.ts';

/** The answer to one query; no match is `[{"responses":[]}]` or `[{}]`. */
export const Listing = z.object({
  responses: list(
    z.object({
      responses: list(z.object({ id: itemId, name: z.string().nullish(), startTime: z.string() })).nullish(),
    }),
  ),
});

const number = z.union([z.number(), z.string()]).nullish();

/** Which sport an event is of, which comes before everything else. */
export const EventSport = z.object({ category: z.object({ id: idText, name: z.string().nullish() }) });

/** One event. Its markets are looked at one by one, so that a strange market of others' cannot spoil ours. */
export const Event = z.object({
  id: itemId,
  name: z.string().nullish(),
  widgets: list(z.object({ id: idText, type: z.string() })).nullish(),
  participants: list(z.object({ name: z.string(), position: z.coerce.number() })).nullish(),
  startTime: z.string(),
  category: z.object({ id: idText }),
  region: z.object({ name: z.string().nullish() }).nullish(),
  competition: z.object({ id: idText.nullish(), name: z.string() }),
  additionalInfo: z.object({ live: z.boolean().nullish() }).nullish(),
  totalMarketCount: number,
  markets: list(z.object({ marketType: z.looseObject({ id: idText }), row: z.unknown().optional() })).nullish(),
});
export type Event = z.output<typeof Event>;

/**
 * A suspended price may be 0 and then left out; an open one without odds is a new shape. Told as a missing `odds`, which
 * is what version 4 calls it.
 */
const Price = z
  .object({ typeId: idText, odds: number, price: number, suspended: z.boolean().nullish() })
  .check(({ value, issues }) => {
    const told = value.odds ?? value.price ?? undefined;
    if (told === undefined && value.suspended !== true) {
      issues.push({ code: 'custom', path: ['odds'], message: 'is missing', input: undefined });
    }
  });

/** The rows of one of our markets, one per line. `handicap` is the line times four. */
export const Rows = list(
  z.object({
    handicap: number,
    specifier: z.object({ total: number, hcp: number }).nullish(),
    prices: list(Price),
  }),
);
export type Row = z.output<typeof Rows>[number];
