/** What is read of an event and a lot, as anybody would write it with zod and cheerio. */
import { z } from 'zod';

const Event = z.object({
  data: z.object({
    eventId: z.string(),
    homeTeamName: z.string(),
    awayTeamName: z.string(),
    estimateStartTime: z.number(),
    markets: z.array(
      z.object({
        id: z.string(),
        specifier: z.string().nullable(),
        status: z.number(),
        outcomes: z.array(z.object({ id: z.string(), odds: z.string(), isActive: z.number() })),
      }),
    ),
  }),
});

/** @param {string} text */
export function readEvent(text) {
  return Event.parse(JSON.parse(text)).data;
}

const Gallery = z.array(z.object({ full: z.object({ url: z.string() }) }));

/** @param {import('cheerio').CheerioAPI} $ */
export function readLot($) {
  const text = (selector) => $(selector).first().text().trim();
  const id = $('#listing-bid').attr('data-listing-bid-id');
  const gallery = JSON.parse($('[data-gallery-items]').attr('data-gallery-items') ?? '[]');
  if (!id) throw new Error('not a lot');
  return {
    id,
    title: text('h1.post-title'),
    price: text('.listing-available-info .info-value strong'),
    seller: text('.essentials a[href*="/member/"]'),
    location: text('.essentials a[href*="google.com/maps"]'),
    details: $('.essentials .item ul li')
      .map((_, line) => $(line).text().trim())
      .get(),
    stats: $('#listing-bid tr.listing-stats-stat')
      .map((_, row) => $(row).text().trim())
      .get(),
    paragraphs: $('.post-excerpt p')
      .map((_, paragraph) => $(paragraph).text().trim())
      .get(),
    images: Gallery.parse(gallery).map(({ full }) => full.url),
  };
}
