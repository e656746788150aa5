/** What can be set for SportyBet. */
import { z } from 'zod';
import { scopeSchema, type Scope } from '../scope.ts';

/** Its countries under `/api/{cc}/`. Canada has another site with another API. */
const countries = ['ng', 'gh', 'ke', 'tz', 'za', 'cm', 'zm'] as const;

/** Checked settings. */
export const Options = z.object({
  site: z
    .strictObject({
      country: z.enum(countries, `must be one of ${countries.join(', ')}`).default('ng'),
      /** The header `operid`. 2 is Nigeria; the others' are not known, and left out unless set. */
      operid: z
        .string()
        .regex(/^\d{1,6}$/, 'must be digits')
        .optional(),
      /** Events asked for in one page; how many it gives at most is not known. */
      pageSize: z.int().min(1).max(200).default(100),
    })
    .prefault({}),
  scope: scopeSchema(/^sr:(?:simple_)?tournament:\d{1,12}$/, 'sr:tournament:17'),
});
export type Options = { site: z.output<typeof Options>['site']; scope: Scope };
