/** When a site that refused wants to be asked again. */

const unclearMs = 60_000;
const longestMs = 60 * 60_000;
/** Strict on purpose: `Date.parse` takes `-5` for a day in 2001. */
const httpDate = /^[A-Z][a-z]{2,8},? .*\d{2}:\d{2}:\d{2}/;

/** Reads `Retry-After` (seconds or an HTTP date) into epoch milliseconds; absent or unclear means a minute, more than an hour means an hour. */
export function retryAfter(header: string | undefined, now: number): number {
  return now + Math.min(waitMs(header?.trim() ?? '', now), longestMs);
}

/** `14:05:30 UTC`: when a site wants to be asked again, which is within the hour. */
export function clockUtc(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)} UTC`;
}

function waitMs(value: string, now: number): number {
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = httpDate.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? unclearMs : Math.max(0, date - now);
}
