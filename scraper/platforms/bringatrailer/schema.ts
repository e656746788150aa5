/** What we use of Bring a Trailer's answers. */
import { z } from 'zod';
import { idText, list } from '../shape.ts';

/** Amounts that are `false` where there is no bid. */
const bid = z.union([z.number(), z.literal(false), z.null()]).transform((value) => (value === false ? null : value));

/** A lot as lists print it: `/auctions/` for those that run, `listings-filter` for those that ended. */
export const ListedLot = z.object({
  id: idText,
  url: z.string().max(1000),
  current_bid: bid.optional(),
  currency: z.string().nullish(),
  /** Epoch seconds. */
  timestamp_end: z.number().nullish(),
  /** Empty while it runs, else `Sold for USD $79,500 <span> on 9/23/2026 </span>`, `Bid to …` or `Withdrawn on …`. */
  sold_text: z.string().nullish(),
  noreserve: z.boolean().nullish(),
});
export type ListedLot = z.infer<typeof ListedLot>;

/** A page of ended lots, newest first; pages count from 1. */
export const EndedLots = z.object({ items: list(ListedLot), pages_total: z.number().nullish() });

/** The lots that run, from a script of `/auctions/`. */
export const RunningLots = z.object({ items: z.array(ListedLot) });

/** Of the comments, which hold bids and sales as well: what says how an auction ended. */
export const Comments = z.object({
  comments: z.array(
    z.object({ type: z.string().optional(), content: z.string().nullish(), end_timestamp: z.number().nullish() }),
  ),
});

const size = z.object({ url: z.string().optional() }).nullish();

/** The gallery, an attribute of JSON. `full` and `original` are not everywhere. */
export const Gallery = z.array(z.object({ full: size, original: size, large: size, small: size }));
