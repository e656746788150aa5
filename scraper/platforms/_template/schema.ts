/** What we use of Template's answers. */
import { z } from 'zod';
import { list } from '../shape.ts';

/** The list of upcoming matches. */
export const Listing = z.object({ matches: list(z.object({ id: z.string(), kickoff: z.string() })) });

/** One match with its prices; an outcome that is not offered has none. */
export const Match = z.object({
  id: z.string(),
  home: z.string(),
  away: z.string(),
  kickoff: z.string(),
  competition: z.string(),
  odds: z.record(z.string(), z.number()),
});
