import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseFeed } from 'feedsmith';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchDatabase, testDatabase } from '../helpers/database.ts';
import { buildPages } from './build-pages.ts';
import { readBuilt, tableRows, words, type BuiltPage } from './built-pages.ts';
import { runSql } from './run-sql.ts';
import { scratchFolder } from './scratch-folder.ts';
import { hostile, story } from './story.ts';

const { url, database } = await testDatabase({ breaks: { all: 'a history told by hand' } });
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
    const platforms = ['bet9ja', 'betpawa', 'sportybet'].map((id) => `/platforms/${id}/`);
    expect(pages.map(({ path }) => path).toSorted()).toEqual(
      ['/', '/404.html', '/failures/', ...platforms, '/runs/', ...runs, '/runs/1-100/', '/runs/2024-11/'].toSorted(),
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
        if (link.startsWith('#')) {
          expect($(link).length, `${path} → ${link}`).toBe(1);
          continue;
        }
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
      for (const drawing of $('svg').get()) {
        const said = $(drawing).attr('role') === 'img' ? $(drawing).attr('aria-label') : $(drawing).attr('aria-hidden');
        expect(said, path).toMatch(/^(true|.{10,})$/);
      }
    }
  });

  it('shows every time with its exact moment in UTC beside, and says in which zone it is', () => {
    for (const { path, $ } of pages) {
      for (const time of $('time').get()) {
        expect($(time).attr('datetime'), path).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        expect($(time).attr('title'), path).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
      }
      expect(words($, 'footer')[0], path).toContain('Times are in UTC; days are counted in UTC.');
    }
  });

  it('says when it was made and when the next follows, or that it is kept', () => {
    for (const { path, $ } of pages) {
      const said = words($, 'footer p')[0];
      if (/^\/runs\/\d/.test(path)) expect(said, path).toMatch(/kept as it is|made anew as the run goes on/);
      else expect(said, path).toBe('Generated at 14:03:00 on 23 November 2024, next by 14:08:00.');
    }
  });

  it('has an icon that shows its state', () => {
    const icon = (path: string) => page(path).$('link[rel=icon]').attr('href');
    expect([icon('/'), icon('/runs/4/'), icon('/runs/7/')]).toEqual([
      'icon-done.svg',
      '../../icon-failed.svg',
      '../../icon-running.svg',
    ]);
  });

  it('names nobody and quotes nothing from a site', () => {
    for (const { path, html } of pages) expect(html, path).not.toMatch(/canary/i);
  });
});

describe('the front page', () => {
  it('says on top how it is, and what is under way', () => {
    const { $ } = page('/');
    expect(words($, 'h1')).toEqual(['All three platforms delivered, the last at 13:37']);
    expect(words($, '.verdict p')).toEqual([
      'Run 7 is scraping sportybet, bet9ja and betpawa since 14:00:00.',
      'bet9ja is tried again by itself: attempt 2 of 3, at 14:02:00 (unreachable).',
    ]);
    expect($('title').text()).toContain('All three platforms delivered');
  });

  it('has a row for each platform, in the order they are scraped: state, days, share, durations, items', () => {
    const { $ } = page('/');
    expect(words($, '.platform h3')).toEqual(['sportybet', 'bet9ja', 'betpawa']);
    expect(words($, '.platform-state')).toEqual(['Complete', 'Complete', 'Complete']);
    expect(words($, '.platform:first-child dd').map((text) => text.replace(/\s+/g, ' '))).toEqual([
      '75.0 % in 90 days',
      '1 min 39 s 95 % within 2 min 1 s',
      '207',
    ]);
    expect(
      $('.platform .cells')
        .map((_, cells) => $(cells).attr('aria-label'))
        .get(),
    ).toEqual([
      'The last 90 days: 1 partly missing, 89 without runs',
      'The last 90 days: 1 complete after a retry, 89 without runs',
      'The last 90 days: 1 partly missing, 89 without runs',
    ]);
    expect(words($, '.cells title').filter((text) => !text.endsWith('no runs'))).toEqual([
      'Sat 23 Nov: 3 of 4 complete; 1 failed',
      'Sat 23 Nov: 3 of 3 complete, 2 after a retry',
      'Sat 23 Nov: 2 of 3 complete, 1 after a retry; 1 partial',
    ]);
  });

  it('lists what broke and since when it works again', () => {
    expect(words(page('/').$, '.incidents li')[1]).toBe(
      'betpawa delivered only a part: not found today, 13:02 in run 3 until today, 13:37 in run 6 (34 min 50 s)',
    );
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
      'today, 12:00',
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
    expect(retry('.chain [aria-current=page] strong').text()).toBe('2');
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

  it('tells what was counted besides, and what was left out', () => {
    expect(words(page('/runs/1/').$, 'article:nth-of-type(1) > p.aside')).toEqual([
      'discover: 1 request.',
      'extract: 12,034 prices, 214 requests, 1 request sent again; left out: 310 outcomes not on offer, 5,300 markets that we do not collect.',
    ]);
    expect(words(page('/runs/2/').$, 'article > p.aside')).toEqual([]);
  });

  it('tells what is still under way', () => {
    const { $ } = page('/runs/7/');
    expect(words($, 'h1')).toEqual(['Run 7 Running']);
    expect(words($, '.lead')).toEqual(['0 of 3 platforms finished so far.']);
    expect(words($, 'article > p').join(' ')).toMatch(
      /Attempt 1 is under way, beginning with discover, since 14:00:00\..*Attempt 1 ended as “unreachable”\. Next is attempt 2 of 3, at 14:02:00\..*Not started yet; discover comes first\./,
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

describe('what a run did, in time', () => {
  it('is told for each platform, attempts and waits too', () => {
    const lanes = page('/runs/1/')
      .$('.lanes svg')
      .map((_, lane) => page('/runs/1/').$(lane).attr('aria-label'))
      .get();
    expect(lanes[1]).toBe(
      'bet9ja: discover done in 3.0 s; extract broke after 46 s; waited 10 s before attempt 2; extract, attempt 2 broke after 50 s; waited 40 s before attempt 3; extract, attempt 3 broke after 42 s',
    );
  });
});

describe('the other pages', () => {
  it('tell a platform’s steps, failures and last runs', () => {
    const { $ } = page('/platforms/bet9ja/');
    expect(words($, 'h1')).toEqual(['bet9ja delivered at 13:36']);
    expect(tableRows($, 'Every step')[2]).toEqual(['extract', '7', '42.8 %', '151', '65', '46 s']);
    expect(
      tableRows($, 'Failures by kind')
        .slice(1)
        .map((row) => row.slice(1)),
    ).toEqual([
      ['extract', '1', '17', 'run 1'],
      ['extract', '1', '1', 'run 1'],
    ]);
    expect(
      tableRows($, 'newest finished')
        .slice(1)
        .map((row) => row.slice(0, 3)),
    ).toEqual([
      ['Run 6', 'Complete', '52'],
      ['Run 5', 'Not started connection lost', '0'],
      ['Run 3', 'Complete', '51'],
      ['Run 2 retry', 'Complete', '48'],
      ['Run 1', 'Failed rate limited', '31 of 48'],
    ]);
  });

  it('list what fails, what is being tried again, and whether retries help', () => {
    const { $ } = page('/failures/');
    expect(words($, 'section:first-of-type .empty')).toEqual([
      'Nothing: the newest result of every platform is complete.',
    ]);
    expect(words($, '.slots li')).toEqual(['Waiting to try again bet9ja, run 7 next is attempt 2 of 3, at 14:02:00']);
    expect(tableRows($, 'Retries that ended')[1]).toEqual(['Sat 23 Nov', '1', '1 100 %', 'bet9ja']);
  });

  it('list runs by number and by month, each leading to the other', () => {
    expect(
      tableRows(page('/runs/1-100/').$, 'newest first')
        .slice(1)
        .map((row) => row[0]),
    ).toEqual([7, 6, 5, 4, 3, 2, 1].map((id) => `Run ${id}`));
    expect(page('/runs/').$('a[href="../runs/2024-11/"]').text()).toBe('November 2024');
    expect(page('/runs/2024-11/').$('a[href="../../runs/1-100/"]').text()).toBe('1 to 6');
  });
});

describe('what programs read', () => {
  const read = (path: string) => readFile(join(folder, 'story', 'current', path), 'utf8');

  it.each([
    ['atom.xml', 'atom'],
    ['rss.xml', 'rss'],
    ['feed.json', 'json'],
  ])('%s is a feed of every platform’s turns', async (file, format) => {
    const parsed = parseFeed(await read(file));
    expect(parsed.format).toBe(format);
    const all = JSON.stringify(parsed.feed);
    for (const title of ['sportybet failed: drifted', 'betpawa delivered only a part: not found', 'bet9ja delivers']) {
      expect(all).toContain(title);
    }
    expect(all).toContain('https://status.example/runs/4/');
    expect(JSON.stringify(parseFeed(await read(`platforms/bet9ja/${file}`)).feed)).not.toContain('sportybet');
  });

  it('status.json says what the front page says', async () => {
    const status = JSON.parse(await read('status.json')) as Record<string, unknown>;
    expect(status).toMatchObject({
      version: 1,
      generatedAt: '2024-11-23T14:03:00.000Z',
      nextAt: '2024-11-23T14:08:00.000Z',
      verdict: { state: 'done', sentence: 'All three platforms delivered, the last at 13:37' },
      notes: [],
    });
    expect((status['platforms'] as { platform: string; completeShare: number }[])[0]).toMatchObject({
      platform: 'sportybet',
      good: true,
      completeShare: 0.75,
      lastGoodRun: 5,
      days: [{ day: '2024-11-23', state: 'partial' }],
    });
  });

  it('badges say the state in words', async () => {
    expect(await read('badge.svg')).toContain('<title>scrapes: 3 of 3 complete</title>');
    expect(await read('platforms/bet9ja/badge.svg')).toContain('aria-label="bet9ja: complete"');
  });

  it('none of it names anybody, or quotes a site', async () => {
    for (const file of files.filter((name) => /\.(xml|json|svg)$/.test(name))) {
      expect(await read(file.slice(1)), file).not.toMatch(/canary|<script/i);
    }
  });
});

describe('the page before the first run', () => {
  it('says what to do', async () => {
    await using scratch = await scratchDatabase({ breaks: { all: 'a history told by hand' } });
    const built = await readBuilt(await buildPages(scratch.url, join(folder, 'empty')));
    expect(built.pages.map(({ path }) => path).toSorted()).toEqual(['/', '/404.html', '/failures/', '/runs/']);
    const $ = built.pages.find(({ path }) => path === '/')?.$;
    if ($) expect(words($, 'h1')).toEqual(['No run yet: type /scrape now']);
    expect($?.('table')).toHaveLength(0);
  });
});
