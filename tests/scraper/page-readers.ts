/** Readers for the tests of the parser thread, which loads them by the name of this module. */
import { threadId } from 'node:worker_threads';
import { drifted, ScrapeError } from '#scraper/errors.ts';
import { extractor, type HtmlPage } from '#scraper/html.ts';

export function readTitle(page: HtmlPage): { title: string } {
  return { title: page.load()('title').text() };
}

export function readPart({ html, load }: HtmlPage): string[] {
  const $ = load(html.slice(html.indexOf('<ul'), html.indexOf('</ul>')));
  return $('li')
    .toArray()
    .map((item) => $(item).text());
}

/** Innocent on an honest page, and on a hostile one as slow as such code gets. */
export function readGames(page: HtmlPage): string[] {
  const $ = page.load();
  return $('.game')
    .map((_, game) => $(game).find('.name').text().replace(/\s+$/, ''))
    .get();
}

export function readText(page: HtmlPage): number {
  return page.load()('body').text().length;
}

export function trimEnd(page: HtmlPage): number {
  return page.html.replace(/(\s+)+$/, '').length;
}

export function spin(): never {
  for (;;);
}

export function hoard(): never {
  const kept: string[][] = [];
  for (;;) kept.push(Array.from({ length: 1000 }, (_, index) => `${kept.length} ${index}`));
}

export function refuse(): never {
  throw new ScrapeError('drifted', '"price" is missing', { until: new Date(0) });
}

export function change(): never {
  throw drifted({ path: 'items[].price', problem: 'is missing', count: 2, of: 3 });
}

export function stumble(): never {
  throw new TypeError('no such thing');
}

export function handOverCode(): unknown {
  return { code: () => 1 };
}

export async function leave(): Promise<never> {
  process.exit(0);
}

/** What of the process a reader can see. */
export function lookAround(): string[] {
  return Object.keys(process.env);
}

export function tellThread(): number {
  return threadId;
}

const inThisModule = <Data>(reader: (page: HtmlPage) => Data) => extractor(import.meta.url, reader);
export const title = inThisModule(readTitle);
export const part = inThisModule(readPart);
export const games = inThisModule(readGames);
export const text = inThisModule(readText);
export const trimmed = inThisModule(trimEnd);
export const endless = inThisModule(spin);
export const hungry = inThisModule(hoard);
export const refused = inThisModule(refuse);
export const changed = inThisModule(change);
export const broken = inThisModule(stumble);
export const uncloneable = inThisModule(handOverCode);
export const leaving = inThisModule(leave);
export const surroundings = inThisModule(lookAround);
export const place = inThisModule(tellThread);
