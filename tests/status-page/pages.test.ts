import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchDatabase, testDatabase } from '../helpers/database.ts';
import { buildPages } from './build-pages.ts';
import { readBuilt, tableRows, words, type BuiltPage } from './built-pages.ts';
import { runSql } from './run-sql.ts';
import { scratchFolder } from './scratch-folder.ts';
import { hostile, story } from './story.ts';

const { url, database } = await testDatabase();
const folder = await scratchFolder();
let files: string[] = [];
let pages: BuiltPage[] = [];

beforeAll(async () => {
  await runSql(database, story);
  ({ files, pages } = await readBuilt(await buildPages(url, join(folder, 'story'))));
});

function page(path: string): BuiltPage {
  const found = pages.find((one) => one.path === path);
  if (found === undefined) throw new Error(`no page ${path} among ${files.join(' ')}`);
  return found;
}

describe('every page', () => {
  it('is there: the front page, one for each run, and one for addresses that lead nowhere', () => {
    const runs = [1, 2, 3, 4, 5, 6, 7].map((id) => `/runs/${id}/`);
    expect(pages.map(({ path }) => path).toSorted()).toEqual(
      ['/', '/404.html', '/runs/', ...runs, '/runs/1-100/', '/runs/2024-11/'].toSorted(),
    );
  });

  it('runs nothing and brings no style of its own', () => {
    for (const { path, html, $ } of pages) {
      expect(html.match(/<script|<style|<iframe|<object|<embed|<base|<form|http-equiv/gi), path).toBeNull();
      const attributes = $('*')
        .get()
        .flatMap((element) => ('attribs' in element ? Object.keys(element.attribs) : []));
      expect(
        attributes.filter((name) => /^on|^style$|^srcdoc$/i.test(name)),
        path,
      ).toEqual([]);
    }
  });

  it('links only to what was built with it, by relative addresses', () => {
    for (const { path, $ } of pages) {
      const links = $('[href], [src]')
        .get()
        .map((element) => $(element).attr('href') ?? $(element).attr('src') ?? '');
      expect(links.length, path).toBeGreaterThan(2);
      for (const link of links) {
        expect(link, path).toMatch(path === '/404.html' ? /^\/([\w./-]*)$/ : /^(\.\/|(\.\.\/)*)[\w./-]*$/);
        const target = new URL(link, `http://host${path}`).pathname;
        expect(files, `${path} → ${link}`).toContain(target.endsWith('/') ? `${target}index.html` : target);
      }
    }
  });

  it('can be read by everybody: language, one heading, captions, heads of rows and columns', () => {
    for (const { path, $ } of pages) {
      expect($('html').attr('lang'), path).toBe('en');
      expect($('h1'), path).toHaveLength(1);
      expect($('title').text(), path).not.toBe('');
      expect($('main, header, footer'), path).toHaveLength(3);
      for (const table of $('table').get()) {
        expect($(table).find('caption').text().trim(), path).not.toBe('');
        expect($(table).find('thead th[scope=col]').length, path).toBeGreaterThan(2);
        expect($(table).find('tbody tr').length, path).toBe($(table).find('tbody th[scope=row]').length);
      }
      for (const sign of $('svg').get()) expect($(sign).attr('aria-hidden'), path).toBe('true');
    }
  });

  it('shows every time in UTC, says so once, and says when it was made', () => {
    for (const { path, $ } of pages) {
      for (const time of $('time').get()) {
        expect($(time).attr('datetime'), path).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      }
      expect($('body').text().match(/UTC/g), path).toHaveLength(1);
      expect(words($, 'header')[0], path).toMatch(/Generated at \d\d:\d\d:\d\d on \d{1,2} \w+ \d{4}\./);
    }
  });

  it('names nobody and quotes nothing from a site', () => {
    for (const { path, html } of pages) expect(html, path).not.toMatch(/canary/i);
  });
});

describe('the front page', () => {
  it('says on top how it is, and what is under way', () => {
    const { $ } = page('/');
    expect(words($, 'h1')).toEqual(['All three platforms delivered, the last at 13:37']);
    expect(words($, '.verdict p')).toEqual(['Run 7 is scraping sportybet, bet9ja and betpawa.']);
    expect($('title').text()).toContain('All three platforms delivered');
  });

  it('has a row for each platform, in the order they are scraped', () => {
    const rows = tableRows(page('/').$, 'Each platform');
    expect(rows[0]).toEqual(['Platform', 'State', 'Items', 'Result of', 'Last good run']);
    expect(rows.slice(1).map((row) => row.slice(0, 3))).toEqual([
      ['sportybet', 'Complete', '207'],
      ['bet9ja', 'Complete', '52'],
      ['betpawa', 'Complete', '99'],
    ]);
    expect(rows[1]?.[4]).toBe('run 5, 13:32');
  });

  it('lists the latest runs: state, why, platforms, when, how long, and their chain', () => {
    const { $ } = page('/');
    const rows = tableRows($, 'newest first');
    expect(rows.slice(1).map(([run, state, why]) => [run, state, why])).toEqual([
      ['Run 7', 'Running', 'Asked for in Slack'],
      ['Run 6', 'Complete', 'Automatic re-scrape of run 5'],
      ['Run 5', 'Connection lost', 'Asked for in Slack'],
      ['Run 4', 'Failed', `Schedule ${hostile.script}`],
      ['Run 3', 'Partly done', 'Schedule every-hour'],
      ['Run 2', 'Complete', 'Retry of run 1'],
      ['Run 1', 'Partly done', 'Asked for in the console'],
    ]);
    expect(rows.at(-1)).toEqual([
      'Run 1',
      'Partly done',
      'Asked for in the console',
      'sportybet: Completebet9ja: Failedbetpawa: Complete',
      '23 Nov, 12:00',
      '3 min 12 s',
      '1 → 2',
    ]);
    expect($('a[href="runs/1/"]').length).toBeGreaterThanOrEqual(3);
  });
});

describe('a run’s page', () => {
  it('tells what it was asked for, where, and when; of who asked only the surface', () => {
    expect(words(page('/runs/2/').$, '.facts > div')).toEqual([
      'WhyRetry of run 1, asked for in Discord',
      'Asked for12:09:00 on 23 November 2024',
      'Started12:09:01',
      'Finished12:10:04',
      'Took1 min 4 s',
    ]);
    expect(words(page('/runs/2/').$, 'h1')).toEqual(['Run 2 Complete']);
  });

  it('links a chain both ways and says what came of it', () => {
    const [root, retry] = [page('/runs/1/').$, page('/runs/2/').$];
    expect(root('a[href="../../runs/2/"]').length).toBeGreaterThan(0);
    expect(retry('a[href="../../runs/1/"]').length).toBeGreaterThan(0);
    expect(retry('[aria-current=page]').first().text()).toBe('2');
    for (const $ of [root, retry]) {
      expect(words($, 'main').join()).toContain('Effective result: 3 of 3 platforms complete after 1 retry.');
      expect(tableRows($, 'run by run').slice(1)).toEqual([
        ['sportybet', 'Complete 214 of 214, run 1', 'Complete', '–'],
        ['bet9ja', 'Complete 48 of 48, run 2', 'Failed', 'Complete'],
        ['betpawa', 'Complete 96 of 96, run 1', 'Complete', '–'],
      ]);
    }
    expect(words(page('/runs/6/').$, 'main').join()).toContain('3 of 3 platforms complete after 1 automatic re-scrape');
  });

  it('keeps the first error where it happened', () => {
    const { $ } = page('/runs/1/');
    const bet9ja = $('article').get(1);
    expect(words($, 'article h3')).toEqual(['sportybet Complete', 'bet9ja Failed', 'betpawa Complete']);
    expect($(bet9ja).text()).toContain('Ended as “rate limited”. 3 attempts, beginning with discover.');
    expect($(bet9ja).text()).toContain('Taken up again by run 2.');
    const rows = tableRows($, 'What went wrong');
    expect(rows.slice(1).map((row) => row.slice(0, 4))).toEqual([
      [
        'unreachable first error',
        'bet9ja did not answer properly (connection, time-out or server error)',
        'extract',
        '1',
      ],
      ['rate limited', 'bet9ja asked us to slow down', 'extract', '17'],
    ]);
  });

  it('mentions that first error on the retry’s page', () => {
    expect(words(page('/runs/2/').$, '.note')).toEqual([
      'First error, in run 1, step extract: unreachable, bet9ja did not answer properly (connection, time-out or server error).',
    ]);
  });

  it('counts what was kept, done here and is missing', () => {
    expect(words(page('/runs/2/').$, '.amounts > div')).toEqual([
      'Kept from before31',
      'Done here17',
      'Missing0',
      'Items in all48',
    ]);
    expect(words(page('/runs/1/').$, 'article:nth-of-type(2) .amounts > div')).toContain(
      'Missing17 of which 17 failed',
    );
    expect(words(page('/runs/5/').$, 'article:nth-of-type(2) p')).toEqual([
      'Never started: connection lost. Taken up again by run 6.',
    ]);
  });

  it('tells the steps as they really ran, an interrupted one too', () => {
    expect(tableRows(page('/runs/2/').$, 'Steps').map((row) => row.slice(0, 5))).toEqual([
      ['Step', 'State', 'Attempt', 'Items', 'Failed'],
      ['extract', 'Interrupted', '1', '5 of 17', '–'],
      ['extract', 'Done', '1', '12 of 12', '–'],
    ]);
  });

  it('tells what is still under way', () => {
    const { $ } = page('/runs/7/');
    expect(words($, 'h1')).toEqual(['Run 7 Running']);
    expect(words($, '.lead')).toEqual(['0 of 3 platforms finished so far.']);
    expect(words($, 'article > p').join(' ')).toMatch(
      /Attempt 1 is under way, beginning with discover, since 14:00:00\..*Attempt 1 ended as “unreachable”\. Attempt 2 follows at 14:02:00\..*Not started yet; discover comes first\./,
    );
  });

  it('shows hostile words as words', () => {
    const { $, html } = page('/runs/4/');
    const told = words($, 'main').join();
    for (const text of [hostile.script, hostile.attribute, hostile.link]) expect(told).toContain(text);
    expect(told).toContain('eviltxt.exe');
    expect(html).toContain('&lt;/script&gt;&lt;script&gt;alert(1)');
  });
});

describe('the page before the first run', () => {
  it('says what to do', async () => {
    await using scratch = await scratchDatabase();
    const built = await readBuilt(await buildPages(scratch.url, join(folder, 'empty')));
    expect(built.pages.map(({ path }) => path).toSorted()).toEqual(['/', '/404.html', '/runs/']);
    const $ = built.pages.find(({ path }) => path === '/')?.$;
    if ($) expect(words($, 'h1')).toEqual(['No run yet: type /scrape now']);
    expect($?.('table')).toHaveLength(0);
  });
});
