/** What can be set for Bring a Trailer. */
import { z } from 'zod';

/** Checked settings. */
export const Options = z.object({
  site: z
    .strictObject({
      /** Pages of ended lots read at most, 60 lots each: some 150 lots end a day. */
      endedPages: z.int().min(0).max(160).default(5),
      /** Images of a lot that a run downloads at most; the others can be fetched later. 0 downloads none. */
      imagesPerLot: z.int().min(0).max(50).default(50),
    })
    .prefault({}),
  scope: z.undefined('there is nothing to choose: all auctions are taken').optional(),
});
export type Options = z.output<typeof Options>;
