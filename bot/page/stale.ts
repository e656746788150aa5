/** Says on a page that it is out of date: the server does it as it answers, since the page itself runs no script. */
import type { SiteMap } from './map.ts';

/** Where the layout of every page lets the warning stand. */
export const STALE_MARK = '<!--stale-->';

/** A page is renewed by `nextAt`; after two more such times without one, something is wrong. */
const INTERVALS = 2;

/** The warning as HTML, or nothing while the page is fresh. Its time is rounded, so that answers can be kept. */
export function staleBanner(map: Pick<SiteMap, 'generatedAt' | 'nextAt'>, now: Date): string {
  const [made, next] = [Date.parse(map.generatedAt), Date.parse(map.nextAt)];
  if (!(now.getTime() > next + INTERVALS * (next - made))) return '';
  return (
    `<p class="stale" role="alert"><strong>This page is out of date.</strong> It was made ${ago(now.getTime() - made)} ago ` +
    'and has not been renewed since: Rescrape or its database may be down.</p>'
  );
}

function ago(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}
