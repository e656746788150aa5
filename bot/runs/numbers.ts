/** What can be asked of the numbers, and when they are worth anything. */
export type { Numbers, PlatformNumbers, Span } from '#db/number-facts.ts';

/** How far back numbers can be asked for, in the order they are offered. */
export const SPANS = ['24h', '7d', '30d', '90d'] as const;

/** With fewer cases than this, what retries came to says nothing. */
export const WORTH_TELLING = 10;
