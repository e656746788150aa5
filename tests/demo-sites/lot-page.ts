/** A listing page in the structure of the real ones, with what is easily mistaken: the dictionary, the modal, the sidebar. */
import { imagePath, imagesPerLot, type DemoLot } from './lots.ts';

/** The page of a lot. */
export function lotPage(lot: DemoLot): string {
  const title = escaped(lot.title);
  const amount = `USD $${lot.price.toLocaleString('en-US')}`;
  const over = lot.status !== 'live';
  const url = `https://bringatrailer.com${lot.path}`;
  const gallery = Array.from({ length: imagesPerLot }, (_, index) => {
    const image = `https://bringatrailer.com${imagePath(lot, index)}`;
    return {
      full: { url: `${image}?fit=2048%2C1365` },
      large: { url: `${image}?w=940` },
      small: { url: `${image}?w=235` },
    };
  });
  return `<!DOCTYPE html>
<html lang="en-US"><head><title>${title} for sale on BaT Auctions - ending soon | Bring a Trailer</title>
<link rel="canonical" href="${url}" /><meta property="og:title" content="${title}" /></head><body>
<h1 class="post-title listing-post-title">${title}</h1>
<div class="item-tags"><span class="show-country-name">USA</span></div>
<div class="listing-available"><div class="listing-available-info">${box(lot, amount)}<a class="comments-anchor-link"><span class="comments_header_html"><span class="info-value">1</span><span class="info-label">Comments</span></span></a></div></div>
<div id="bat_listing_page_photo_gallery"><div data-gallery-items="${escaped(JSON.stringify(gallery))}"></div></div>
<div class="post-excerpt"><p>This car is a test car.</p><p>It runs in a demo.</p></div>
<div id="listing-bid-container" class="${over ? 'listing-closed' : ''}">
<table class="listing-stats${over ? ' ended' : ''}" id="listing-bid" data-listing-bid-id="${lot.id}"><tbody>${table(lot, amount)}</tbody></table></div>
<span data-stats-item="views">6,055 views</span> <span data-stats-item="watchers">675 watchers</span>
<div class="essentials"><strong>Seller</strong>: <a href="https://bringatrailer.com/member/testseller/">TestSeller</a>
<strong>Location</strong>: <a href="https://www.google.com/maps/place/Springfield">Springfield, Ohio 45501</a>
<div class="item"><strong>Listing Details</strong><ul><li>Chassis: <a href="#">${lot.chassis}</a></li><li>${lot.number}k Miles Shown</li></ul></div>
<div class="item additional"><strong>Private Party or Dealer</strong>: Private Party</div><div class="item"><strong>Lot</strong> #258,${String(lot.number).padStart(3, '0')}</div></div>
<a class="group-link" href="#"><strong class="group-title-label">Make</strong>Testmake</a>
<a class="group-link" href="#"><strong class="group-title-label">Model</strong>Testmake Coupe</a>
<div class="site-modal"><div class="post-excerpt"><p>Did you mean to enter this number as a bid?</p></div></div>
<aside class="sidebar"><a class="listing-card" href="#"><img src="https://bringatrailer.com/wp-content/uploads/2026/11/decoy.jpg" /><span>Sold for USD $999,999</span></a></aside>
<script id="bat-theme-viewmodels-js-extra">
var BAT_VMS = {"postAuthor":"137244","comments":${comments(lot, amount)}};
</script>
<script>var batI18n = {"soldFor":"Sold for","bidTo":"Bid to","reserveNotMet":"Reserve Not Met"};</script>
</body></html>`;
}

function box(lot: DemoLot, amount: string): string {
  const id = `data-listing-currently="${lot.id}"`;
  if (lot.status === 'live') {
    return `<span ${id}><span class="info-label">Current Bid:</span> <strong class="info-value">${amount}</strong></span>`;
  }
  const phrase = lot.status === 'sold' ? 'Sold for' : 'Bid to';
  return `<span ${id}></span><span class="info-value">${phrase} <strong>${amount}</strong> <span>on 12/5/26</span></span>`;
}

function table(lot: DemoLot, amount: string): string {
  const row = (label: string, value: string) =>
    `<tr class="listing-stats-stat"><td class="listing-stats-label">${label}</td><td class="listing-stats-value">${value}</td></tr>`;
  if (lot.status === 'live') {
    const left = `<span class="listing-end-time" data-timestamp="${lot.endsAt}">soon</span>`;
    return row('Current Bid', amount) + row('Time Left', left);
  }
  const bid = lot.status === 'sold' ? row('Winning Bid', amount) : row('High Bid', `${amount} (Reserve Not Met)`);
  return bid + row('Auction Ended', `<span class="date-localize" data-timestamp="${lot.endsAt}">lately</span>`);
}

function comments(lot: DemoLot, amount: string): string {
  const said = { type: 'comment', content: 'So nice }] "it" is' };
  const record = {
    sold: [{ type: 'bat-bid-reserve', content: `Sold on 12/5/26 for ${amount}.00 to TestBidder` }],
    reserve_not_met: [{ type: 'bat-bid-reserve', content: `Reserve not met on 12/5/26 at ${amount}` }],
    live: [],
  };
  return JSON.stringify([said, ...record[lot.status]]);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
