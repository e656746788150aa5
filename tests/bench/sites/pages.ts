/** The two answers that are scraped in the bench: an event of a book, 22 kB of JSON, and a lot with comments, 120 kB of HTML. */
import { readFileSync } from 'node:fs';

/** Stands where the number of what was asked for belongs; eight characters, as long as the numbers. */
export const numberHere = '\u0000number';

/** An answer in pieces, between which the number stands. */
export type Pieces = readonly Buffer[];

function fixture(name: string): string {
  return readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8');
}

/** SportyBet's event with sixty markets of three outcomes each: the twenty lines of a handicap are ours, the others are not. */
export function eventPieces(): Pieces {
  const { data, ...envelope } = JSON.parse(fixture('sportybet/event.90000001.json')) as { data: { markets: object[] } };
  const markets = Array.from({ length: 60 }, (_, index) => ({
    id: index < 20 ? '14' : String(900 + index),
    specifier: index < 20 ? `hcp=${index}:0` : null,
    status: 0,
    lastOddsChangeTime: 1_796_400_000_000,
    desc: 'Handicap',
    product: 3,
    outcomes: ['1711', '1712', '1713'].map((id, outcome) => ({
      id,
      odds: (1.5 + outcome + index / 100).toFixed(2),
      probability: '0.3948113208',
      isActive: 1,
      desc: ['Home', 'Draw', 'Away'][outcome],
    })),
  }));
  return pieces(
    JSON.stringify({ ...envelope, data: { ...data, eventId: `sr:match:${numberHere}`, markets } }).replaceAll(
      '\\u0000number',
      numberHere,
    ),
  );
}

/** A sold lot as the fixture has it, with 48 images, 70 comments and 45 cards of other lots beside it. */
export function lotPieces(): Pieces {
  const page = fixture('bringatrailer/listing.sold.html');
  const image = (index: number, width: string) =>
    `https://bringatrailer.com/wp-content/uploads/2026/11/1994-testmake-gt-7-${String(index).padStart(3, '0')}.jpg?${width}`;
  const gallery = Array.from({ length: 48 }, (_, index) => ({
    full: { url: image(index, 'fit=2048%2C1365'), width: 2048, height: 1365 },
    large: { url: image(index, 'w=940'), width: 940, height: 627 },
    small: { url: image(index, 'w=235'), width: 235, height: 157 },
  }));
  const comment = (index: number) => ({
    channels: [`comment;item;${9200 + index}`],
    type: 'comment',
    authorName: `Somebody ${index}`,
    content: `<p>I had one of these in ${1980 + index}, and wish I had kept it. ${'What a lovely car. '.repeat(12)}</p>`,
    timestamp: 1_796_000_000 + index,
  });
  const card = (index: number) =>
    `<div class="listing-card"><div class="thumbnail"><a href="https://bringatrailer.com/listing/other-${index}/"><img src="https://bringatrailer.com/wp-content/uploads/2026/11/other_${index}.jpg?w=235" alt="Another car" /></a></div><div class="content"><h3><a href="https://bringatrailer.com/listing/other-${index}/">Another Car ${index}, with a Long Name and Few Miles</a></h3><div class="content-excerpt">${'This is about another car. '.repeat(8)}</div><div class="bidding-bid"><span class="bid-label">Bid:</span> <span class="bid-formatted bold">USD $${index},000</span></div></div></div>`;
  const body = page
    .replace(/data-gallery-items="[^"]*"/, () => `data-gallery-items="${escaped(JSON.stringify(gallery))}"`)
    .replace(
      '"comments": [',
      () => `"comments": [${Array.from({ length: 70 }, (_, index) => JSON.stringify(comment(index))).join(', ')}, `,
    )
    .replace(
      '<aside class="sidebar">',
      () => `<aside class="sidebar">${Array.from({ length: 45 }, (_, index) => card(index)).join('')}`,
    )
    .replaceAll('555001', numberHere);
  return pieces(body);
}

function pieces(text: string): Pieces {
  return text.split(numberHere).map((piece) => Buffer.from(piece));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
}
