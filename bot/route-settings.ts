/** What a route may say in `rescrape.config.ts`. */
import { z } from 'zod';

const slackChannel = z.string().regex(/^[CG][A-Z0-9]+$/, 'must be the id of a channel, like C0123456789');
const discordChannel = z.string().regex(/^\d{1,20}$/, 'must be the id of a channel: a long number');

const filters = {
  /** Runs with at least one of these platforms. */
  platforms: z.array(z.string()).min(1).optional(),
  /** Runs that ended so, told from their end on. */
  statuses: z
    .array(z.enum(['completed', 'partial', 'failed', 'connection_failed', 'cancelled']))
    .min(1)
    .optional(),
  /** Runs of these schedules. */
  schedules: z.array(z.string()).min(1).optional(),
};

/** A channel besides the home one, and which runs are told there. */
export const RouteSettings = z.discriminatedUnion(
  'surface',
  [
    z.strictObject({ surface: z.literal('slack'), channel: slackChannel, ...filters }),
    z.strictObject({ surface: z.literal('discord'), channel: discordChannel, ...filters }),
  ],
  'surface must be slack or discord',
);
