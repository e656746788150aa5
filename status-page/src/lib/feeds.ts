/** The three feed formats, out of the same entries. */
import type { Site } from '#db/history.ts';
import type { Change } from './changes.ts';
import { xml } from './xml.ts';

/** What a feed is of: its title, and the folder of its files from the site's address on (empty, or `platforms/x/`). */
export interface Feed {
  title: string;
  folder: string;
  changes: readonly Change[];
}

const moment = (feed: Feed) => (feed.changes[0]?.at ?? new Date(0)).toISOString();

/** RFC 4287. Without entries it is as old as can be, since nothing has changed yet. */
export function atomFeed(feed: Feed, { address }: Site): string {
  const entries = feed.changes.map(
    (change) => `  <entry>
    <id>${xml(change.id)}</id>
    <title>${xml(change.title)}</title>
    <updated>${change.at.toISOString()}</updated>
    <link href="${xml(address + change.path)}"/>
    <content>${xml(change.text)}</content>
  </entry>
`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <id>${xml(`${address}${feed.folder}atom.xml`)}</id>
  <title>${xml(feed.title)}</title>
  <updated>${moment(feed)}</updated>
  <author><name>Rescrape</name></author>
  <link rel="self" href="${xml(`${address}${feed.folder}atom.xml`)}"/>
  <link href="${xml(address + feed.folder)}"/>
${entries.join('')}</feed>
`;
}

/** RSS 2.0. */
export function rssFeed(feed: Feed, { address }: Site): string {
  const items = feed.changes.map(
    (change) => `    <item>
      <guid isPermaLink="false">${xml(change.id)}</guid>
      <title>${xml(change.title)}</title>
      <link>${xml(address + change.path)}</link>
      <pubDate>${change.at.toUTCString()}</pubDate>
      <description>${xml(change.text)}</description>
    </item>
`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
  <channel>
    <title>${xml(feed.title)}</title>
    <link>${xml(address + feed.folder)}</link>
    <description>When a platform stops delivering, and when it delivers again.</description>
    <atom:link rel="self" type="application/rss+xml" href="${xml(`${address}${feed.folder}rss.xml`)}"/>
${items.join('')}  </channel>
</rss>
`;
}

/** JSON Feed 1.1. */
export function jsonFeed(feed: Feed, { address }: Site): string {
  const document = {
    version: 'https://jsonfeed.org/version/1.1',
    title: feed.title,
    home_page_url: address + feed.folder,
    feed_url: `${address}${feed.folder}feed.json`,
    items: feed.changes.map((change) => ({
      id: change.id,
      url: address + change.path,
      title: change.title,
      content_text: change.text,
      date_published: change.at.toISOString(),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
