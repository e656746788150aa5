/** What can be set for betPawa. */
import { z } from 'zod';
import { scopeSchema, type Scope } from '../scope.ts';

/** Its sites. Each answers only to its own brand; some addresses under a country's own ending redirect here. */
const sites = {
  ng: { host: 'www.betpawa.ng', brand: 'betpawa-nigeria' },
  gh: { host: 'www.betpawa.com.gh', brand: 'betpawa-ghana' },
  ke: { host: 'www.betpawa.co.ke', brand: 'betpawa-kenya' },
  ug: { host: 'www.betpawa.ug', brand: 'betpawa-uganda' },
  tz: { host: 'www.betpawa.co.tz', brand: 'betpawa-tanzania' },
  zm: { host: 'www.betpawa.co.zm', brand: 'betpawa-zambia' },
  cm: { host: 'www.betpawa.cm', brand: 'betpawa-cameroon' },
  cg: { host: 'cg.betpawa.com', brand: 'betpawa-congobrazzaville' },
};

/** Host and brand of a country, or undefined. */
export function siteOf(country: string): { host: string; brand: string } | undefined {
  return Object.hasOwn(sites, country) ? sites[country as keyof typeof sites] : undefined;
}

/** Checked settings. */
export const Options = z.object({
  site: z
    .strictObject({
      country: z
        .string()
        .regex(/^[a-z]{2}$/, 'must be two small letters, like ng')
        .default('ng'),
      /** For a country beside those known here: its host and brand, both. */
      host: z
        .string()
        .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be the name of a host, like www.betpawa.ng')
        .optional(),
      brand: z
        .string()
        .regex(/^[a-z0-9-]+$/, 'must be a brand, like betpawa-nigeria')
        .optional(),
      /** Rows asked for in one slice; it gives 50 at most, or 100, depending on whom one asks. */
      take: z.int().min(1).max(200).default(50),
      /** Whether an Asian handicap without any line is the line of 0, which version 4 may leave out. Nobody has seen one. */
      zeroLineLeftOut: z.boolean().default(false),
    })
    .refine(({ country, host, brand }) => siteOf(country) || (host && brand), {
      error: `host and brand are needed for a country beside ${Object.keys(sites).join(', ')}`,
      path: ['country'],
    })
    .prefault({}),
  scope: scopeSchema(/^\d{1,12}$/, '11965'),
});
export type Options = { site: z.output<typeof Options>['site']; scope: Scope };
