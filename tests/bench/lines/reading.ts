/** What it takes to read a lot's page once it is there: ours with all fields, and the least that finding them can take. */
import { load } from 'cheerio';
import { htmlPage } from '#scraper/html-page.ts';
import { readListing } from '#scraper/platforms/bringatrailer/listing-page.ts';
import { median, times, type Line } from '../line.ts';
import { lotPieces } from '../sites/pages.ts';

const pages = 300;
const us = 'µs a page';

const html = lotPieces().map(String).join('12345678');

/** The middle one of the second half of so many pages: the first ones are read before anything is compiled. */
function each(read: () => unknown): Promise<Record<string, number>> {
  const took = Array.from({ length: pages }, () => {
    const began = performance.now();
    read();
    return (performance.now() - began) * 1_000;
  });
  return Promise.resolve({ [us]: median(took.slice(pages / 2)) });
}

/** Nine fields by `indexOf`, nothing checked: what no reader can be faster than. */
function cutOut(): unknown {
  const between = (from: string, to: string) => {
    const start = html.indexOf(from) + from.length;
    return html.slice(start, html.indexOf(to, start));
  };
  const gallery = between('data-gallery-items="', '"').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  const comments = between('"comments": ', '</script>');
  return [
    between('data-listing-currently="', '"'),
    between('<h1 class="post-title listing-post-title">', '</h1>'),
    between('<span class="info-value noborder-tiny">', '</strong>'),
    between('id="listing-bid"', '</table>'),
    between('class="essentials"', '</ul>'),
    between('class="post-excerpt"', '</div>'),
    (JSON.parse(gallery) as unknown[]).length,
    comments.split('"type": "comment"').length,
  ];
}

export const readingPages: Line = {
  title: 'Reading a page of 120 kB that is there',
  note: 'In one thread, without the way to it and back. The indexOf floor finds the same places, decodes the gallery, and checks nothing.',
  ways: [
    { name: 'ours', measure: () => each(() => readListing(htmlPage(html))) },
    { name: 'cheerio.load alone', measure: () => each(() => load(html)) },
    { name: 'indexOf floor', measure: () => each(cutOut) },
  ],
  goals: [
    {
      what: 'HTML of 120 kB: parse and extract',
      unit: '× the indexOf floor',
      most: 2.5,
      of: (round) => times(round, us, 'ours', 'indexOf floor'),
    },
  ],
};
