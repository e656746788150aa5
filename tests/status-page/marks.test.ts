import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseFeed } from 'feedsmith';
import { beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../helpers/database.ts';
import { buildPages } from './build-pages.ts';
import { readBuilt, tableRows, words, type BuiltPage } from './built-pages.ts';
import { marks } from './marks.ts';
import { runSql } from './run-sql.ts';
import { scratchFolder } from './scratch-folder.ts';
import { story } from './story.ts';

const { url, database } = await testDatabase({ breaks: { all: 'a history told by hand' } });
const folder = await scratchFolder();
let pages: BuiltPage[] = [];

beforeAll(async () => {
  await runSql(database, story);
  await runSql(database, marks);
  ({ pages } = await readBuilt(await buildPages(url, folder)));
});

function page(path: string): BuiltPage['$'] {
  const found = pages.find((one) => one.path === path);
  if (found === undefined) throw new Error(`no page ${path}`);
  return found.$;
}

describe('a platform that is left alone', () => {
  it('is in the sentence on top, which says since when', () => {
    expect(words(page('/'), 'h1')).toEqual(['betpawa is left alone since 13:51; the others are fine']);
  });

  it('has it in its row: since when, why, and when it is probed again; and that it is muted', () => {
    expect(words(page('/'), '#betpawa .platform-state')).toEqual(['Left alone']);
    expect(words(page('/'), '#betpawa .tag')).toEqual([
      'Left alone since 13:51 after 5 failures in a row, the last as blocked in run 8; probed again from 14:21 on',
      'Muted since 13:52, until it works',
    ]);
    expect(words(page('/'), '#sportybet .tag, #bet9ja .tag')).toEqual([]);
  });

  it('has it on its own page, with what can be done', () => {
    const $ = page('/platforms/betpawa/');
    expect(words($, 'h1')).toEqual(['betpawa is left alone since 13:51']);
    expect(words($, '.verdict p').at(-1)).toBe(
      'It fails since 13:20, so runs do not ask it for now. 1 probe failed since. A probe asks for one item first, and for the others only if that works; /scrape try betpawa sends one at once.',
    );
    expect(tableRows($, 'newest finished')[1]?.slice(0, 3)).toEqual(['Run 9', 'Left alone', '0']);
  });

  it('is told where its run skipped it, and among what is missing', () => {
    expect(words(page('/runs/9/'), 'article p')[0]).toBe('Not asked, as it had failed again and again.');
    expect(words(page('/runs/9/'), 'article h3')).toEqual(['betpawa Left alone']);
    expect(tableRows(page('/failures/'), 'newest result is not complete')[1]?.slice(0, 2)).toEqual([
      'betpawa',
      'Left alone',
    ]);
  });

  it('is no outage of one run more: the day counts what was asked for', () => {
    expect(words(page('/'), '#betpawa .cells title').at(-1)).toBe(
      'Sat 23 Nov: 2 of 4 complete, 1 after a retry; 1 partial, 1 failed',
    );
  });
});

describe('what comes up', () => {
  it('is told with what is late, paused, was missed or skipped; what is set no more is not', () => {
    expect(words(page('/'), '.slots li')).toEqual([
      'nightly late: it should have begun at 14:00',
      'every-hour next at 15:00 missed 2 times in 24 hours, the last at 03:00: nobody was there skipped once in 24 hours, at 12:00: the run before was still at work',
      'weekly paused until 18:00',
      'monthly paused since 11:00, until somebody resumes it',
    ]);
  });
});

describe('a backfill', () => {
  it('is told as one, and its platform is as its scrapes are', () => {
    expect(tableRows(page('/'), 'newest first')[1]?.slice(0, 3)).toEqual([
      'Run 10',
      'Complete',
      'Backfill of images, asked for in Slack',
    ]);
    expect(words(page('/'), '#bet9ja .aside')[0]).toContain('run 6,');
  });
});

describe('the feeds', () => {
  it.each(['atom.xml', 'rss.xml', 'feed.json'])('%s tells that a platform is left alone, once', async (file) => {
    const read = async (path: string) =>
      JSON.stringify(parseFeed(await readFile(join(folder, 'current', path), 'utf8')));
    const said = 'betpawa is left alone after 5 failures in a row, the last as blocked in run 8.';
    for (const path of [file, `platforms/betpawa/${file}`]) expect((await read(path)).split(said)).toHaveLength(2);
    expect(await read(`platforms/sportybet/${file}`)).not.toContain('left alone');
  });
});

describe('status.json', () => {
  it('has all of it for programs', async () => {
    const status = JSON.parse(await readFile(join(folder, 'current', 'status.json'), 'utf8')) as {
      platforms: { platform: string }[];
      runs: unknown[];
      schedules: unknown[];
    };
    expect(status).toMatchObject({
      version: 1,
      verdict: { state: 'part', sentence: 'betpawa is left alone since 13:51; the others are fine' },
    });
    const betpawa = status.platforms.find(({ platform }) => platform === 'betpawa');
    expect(betpawa).toMatchObject({
      good: false,
      leftAlone: {
        since: '2024-11-23T13:51:00.000Z',
        nextProbeAt: '2024-11-23T14:21:00.000Z',
        failures: 5,
        failingSince: '2024-11-23T13:20:00.000Z',
        failureKind: 'blocked',
        run: 8,
        probes: 1,
      },
      muted: { since: '2024-11-23T13:52:00.000Z', until: null },
    });
    expect(status.platforms.find(({ platform }) => platform === 'sportybet')).toMatchObject({
      leftAlone: null,
      muted: null,
    });
    expect(status.runs[0]).toMatchObject({ run: 10, backfill: 'images', rescrapeOf: null });
    expect(status.runs).toContainEqual(expect.objectContaining({ run: 6, rescrapeOf: 5, backfill: null }));
    expect(status.schedules).toEqual([
      expect.objectContaining({ schedule: 'nightly', nextAt: null, lateSince: '2024-11-23T14:00:00.000Z' }),
      {
        schedule: 'every-hour',
        nextAt: '2024-11-23T15:00:00.000Z',
        lateSince: null,
        pausedSince: null,
        pausedUntil: null,
        missed: { count: 2, newestAt: '2024-11-23T03:00:00.000Z' },
        overlapped: { count: 1, newestAt: '2024-11-23T12:00:00.000Z' },
      },
      expect.objectContaining({ schedule: 'weekly', nextAt: null, pausedUntil: '2024-11-23T18:00:00.000Z' }),
      expect.objectContaining({ schedule: 'monthly', nextAt: null, pausedSince: '2024-11-23T11:00:00.000Z' }),
    ]);
    expect(JSON.stringify(status)).not.toMatch(/canary/i);
  });
});
