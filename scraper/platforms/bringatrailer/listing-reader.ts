/** The reader of listing pages by its name: it and its selectors are loaded by the thread that reads, and by nobody else. */
import type { Extractor } from '../../html.ts';
import type * as module from './listing-page.ts';

/** What {@link module.readListing} finds on a listing's page. */
export const listingPage: Extractor<module.ListingPage> = {
  module: new URL('./listing-page.ts', import.meta.url).href,
  name: 'readListing' satisfies keyof typeof module,
};
