import type { CheerioAPI } from 'cheerio/slim';
import { describe, expect, test } from 'vitest';
import { htmlPage } from '#scraper/html-page.ts';
import { all, first } from '#scraper/html-select.ts';

const page = `<!doctype html><title>A</title>
  <div id="a" class="box one"><p>1<b>bold</b></p><p class="x">2</p><div class="box"><p>3</p></div></div>
  <ul><li>one<li data-n="2">two<li data-n="3">three</ul><p>last</p><script>'<p>no element</p>'</script>`;
const selectors = ['p', '#a', '.box p', 'div.box, li', '[data-n]', 'li[data-n="3"]', 'a', 'ul li', 'p > b', 'title'];

/** What an element is known by. */
const shown = ($: CheerioAPI, found: Parameters<CheerioAPI>[0]) =>
  $(found)
    .toArray()
    .map((element) => $.html(element));

describe.each([
  ['a whole page', htmlPage(page).load()],
  ['parts of a page', htmlPage(page).loadOnly(({ name }) => ['div', 'ul', 'title', 'p'].includes(name))],
])('selectors that are worked out once find in %s what cheerio finds', (_, $) => {
  test.each(selectors)('%s', (css) => {
    expect(shown($, all($, css))).toEqual(shown($, $(css)));
    expect(shown($, first($, css))).toEqual(shown($, $(css).first()));
  });

  test.each(selectors)('%s below an element', (css) => {
    const box = first($, '#a');
    expect(shown($, all($, css, box))).toEqual(shown($, box.find(css)));
    expect(shown($, first($, css, box))).toEqual(shown($, box.find(css).first()));
  });

  test('below nothing is nothing', () => {
    expect(all($, 'p', first($, '#missing'))).toEqual([]);
    expect(first($, 'p', first($, '#missing')).text()).toBe('');
  });
});

describe('a tree of parts', () => {
  const parts = (isWanted: (name: string) => boolean) =>
    htmlPage(page)
      .loadOnly(({ name }) => isWanted(name))
      .html();

  test('has what is wanted with all that is in it, in the order of the page, and nothing else', () => {
    expect(parts((name) => name === 'li' || name === 'title')).toBe(
      '<title>A</title><li>one</li><li data-n="2">two</li><li data-n="3">three</li>',
    );
  });

  test('has what is wanted inside of what is wanted once', () => {
    expect(parts((name) => name === 'div')).toBe(
      '<div id="a" class="box one"><p>1<b>bold</b></p><p class="x">2</p><div class="box"><p>3</p></div></div>',
    );
  });

  test('of which nothing is wanted is empty', () => {
    expect(parts(() => false)).toBe('');
  });
});
