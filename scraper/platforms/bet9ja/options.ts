/** What can be set for Bet9ja. */
import { z } from 'zod';
import { scopeSchema, type Scope } from '../scope.ts';

/** Checked settings. */
export const Options = z.object({
  site: z
    .strictObject({
      /** Minutes that `STARTDATE`, which names no zone, is ahead of UTC: 0 as far as was seen, 60 would be Lagos. */
      startDateOffsetMinutes: z.int().min(-720).max(840).default(0),
      /** `v_cache_version`, as the site's own pages send it: any of years works, and none at all. */
      cacheVersion: z
        .string()
        .regex(/^[\d.]{1,40}$/, 'must be digits and dots, like 1.301.2.225')
        .optional(),
    })
    .prefault({}),
  scope: scopeSchema(/^\d{1,12}$/, '170880'),
});
export type Options = { site: z.output<typeof Options>['site']; scope: Scope };
