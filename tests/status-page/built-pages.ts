/** A built page read back, to be asked what a reader would see. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { load, type CheerioAPI } from 'cheerio';

/** One HTML file of a build. `path` is the address it is served at. */
export interface BuiltPage {
  path: string;
  html: string;
  $: CheerioAPI;
}

/** Every file of a build by its path from the root, and its pages parsed. */
export async function readBuilt(site: string): Promise<{ files: string[]; pages: BuiltPage[] }> {
  const entries = await readdir(site, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => `/${relative(site, join(entry.parentPath, entry.name)).replaceAll('\\', '/')}`);
  const pages: BuiltPage[] = [];
  for (const file of files.filter((name) => name.endsWith('.html'))) {
    const html = await readFile(join(site, file), 'utf8');
    pages.push({ path: file.replace(/index\.html$/, ''), html, $: load(html) });
  }
  return { files, pages };
}

/** The words of everything a selector matches, blanks folded. */
export function words($: CheerioAPI, selector: string): string[] {
  return $(selector)
    .get()
    .map((element) => $(element).text().replace(/\s+/g, ' ').trim());
}

/** A table's rows as cells, found by a word of its caption; the head comes first. */
export function tableRows($: CheerioAPI, caption: string, within = 'body'): string[][] {
  const table = $(within)
    .find('table')
    .filter((_, element) => $(element).find('caption').text().includes(caption))
    .first();
  return table
    .find('tr')
    .get()
    .map((row) =>
      $(row)
        .children()
        .get()
        .map((cell) => $(cell).text().replace(/\s+/g, ' ').trim()),
    );
}
