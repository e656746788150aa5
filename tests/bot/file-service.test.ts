import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createFileService } from '#bot/file-service.ts';
import { threadOf } from '#bot/chat/thread.ts';
import { readChain, readLiveChains } from '#db/chains.ts';
import { sql } from '#db/drizzle.ts';
import type { ItemResult } from '#scraper/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { aTelling } from '../helpers/facts.ts';
import { aListing, imageUrl } from '../helpers/listings.ts';
import { aFailure, anIntent, aResult, openHouse } from '../helpers/house.ts';

const { url } = await testDatabase({ breaks: { 'job-counts-its-items': 'what is old is let go by hand' } });
const house = await openHouse(url);
const { db, runs, jobs } = house;
const known = ['sportybet', 'bet9ja', 'betpawa'];
const files = createFileService({ database: house.database, known });
afterAll(() => house[Symbol.asyncDispose]());

beforeEach(async () => {
  await emptyHouse(db);
  await db.execute(sql`truncate events, listings cascade`);
});

function record(key: string, price: number, fetchedAt: string) {
  const source = { sourceMarketId: 'S_1X2', sourceOutcomeId: '1', sourceUpdatedAt: null };
  return {
    kind: 'odds' as const,
    platform: 'bet9ja',
    country: 'ng',
    eventId: key,
    sportradarId: null,
    geniusId: null,
    event: `=HYPERLINK(${key}) - B`,
    home: `=HYPERLINK(${key})`,
    away: 'B, "C"',
    sport: 'football' as const,
    competition: { id: null, name: 'Cup', country: null },
    kickoff: '2026-12-05T15:00:00.000Z',
    live: false,
    fetchedAt,
    prices: [{ market: '1x2' as const, period: 'ft' as const, line: null, outcome: 'home', price, ...source }],
  };
}

const seedsOf = (keys: readonly string[]) =>
  keys.map((key, priority) => ({ key, priority, payload: { name: `Match ${key}` } }));

/** A run of bet9ja that finds so many and delivers some of them, at this price. */
async function aRun({ found, done, price = 2 }: { found: string[]; done: string[]; price?: number }): Promise<void> {
  await runs.start(anIntent(), ['bet9ja']);
  await deliver(found, done, price);
}

async function deliver(found: string[], done: string[], price = 2): Promise<void> {
  const job = await house.take('bet9ja');
  const [now] = await db.execute<{ now: string }>(sql`select to_jsonb(now()) #>> '{}' as now`);
  const step = { name: 'discover', status: 'success' as const, itemsTotal: found.length, itemsDone: found.length };
  if (found.length > 0) {
    await jobs.seed(job, 'extract', seedsOf(found), 600_000);
    await jobs.stepFinished(job, { ...step, itemsFailed: 0, failure: null, counts: {} }, true);
  }
  const pending = new Set((await jobs.pending(job, 'extract')).map((item) => item.key));
  const at = new Date(now?.now ?? '').toISOString();
  const results = done
    .filter((key) => pending.has(key))
    .map((key): ItemResult => ({ key, outcome: 'done', records: [record(key, price, at)] }));
  await jobs.settle(job, 'extract', results);
  const whole = done.length === pending.size;
  await jobs.endAttempt(job, whole ? aResult('completed') : aResult('partial', aFailure('bet9ja', 'blocked')));
}

async function onlyFile(): Promise<{ name: string; lines: string[]; bytes: string }> {
  const rows = await db.execute<{ id: number; name: string }>(sql`select id, name from files order by id desc limit 1`);
  const bytes = Buffer.from((await files.content(rows[0]?.id ?? 0)) ?? '').toString('utf8');
  return { name: rows[0]?.name ?? '', lines: bytes.trimEnd().split('\r\n'), bytes };
}

const keys = (count: number) => Array.from({ length: count }, (_, index) => `e${index}`);

describe('what is missing', () => {
  it('is named in the answer, most urgent first, with why', async () => {
    await aRun({ found: keys(5), done: ['e0', 'e1'] });
    const answer = await files.missing(anIntent(), { run: 1, platforms: [] });
    expect(answer).toMatchObject({
      kind: 'missing',
      total: 3,
      unlisted: [],
      file: null,
      items: [{ platform: 'bet9ja', key: 'e2', name: 'Match e2', failure: null }, { key: 'e3' }, { key: 'e4' }],
    });
    expect(await db.execute(sql`select 1 from files`)).toHaveLength(0);
  });

  it('comes as a file when it is long, told once in the thread however often the request is delivered', async () => {
    await aRun({ found: keys(30), done: ['e0'] });
    const intent = anIntent();
    const [first, second] = [
      await files.missing(intent, { run: 1, platforms: ['bet9ja'] }),
      await files.missing(intent, { run: 1, platforms: ['bet9ja'] }),
    ];
    expect(second).toEqual(first);
    const { name, lines } = await onlyFile();
    expect(first).toMatchObject({ total: 29, file: name });
    expect(name).toBe('run-1-bet9ja-missing-1.csv');
    expect(lines[0]).toBe('\ufeffrun,platform,step,key,name,failure,tries,found_at');
    expect(lines).toHaveLength(30);
    expect(lines[1]).toMatch(/^1,bet9ja,extract,e1,Match e1,,0,\d{4}-\d\d-\d\dT[\d:]+Z$/);
    const chain = await readChain(db, 1);
    if (chain === null) throw new Error('the chain is gone');
    const posts = threadOf(chain, aTelling()).filter((post) => post.slot.startsWith('file:'));
    expect(posts.map(({ slot, message }) => [slot, message.title, message.file?.name])).toEqual([
      ['file:1', 'Ada, from the console, asked what is missing of bet9ja in run 1: 29 items', name],
    ]);
  });

  it('says so when nothing is, and when the list itself was never whole', async () => {
    await aRun({ found: keys(2), done: keys(2) });
    expect(await files.missing(anIntent(), { run: null, platforms: [] })).toMatchObject({ total: 0, unlisted: [] });
    await runs.start(anIntent(), ['bet9ja']);
    await jobs.endAttempt(await house.take(), aResult('failed', aFailure('bet9ja', 'blocked')));
    expect(await files.missing(anIntent(), { run: 2, platforms: [] })).toMatchObject({
      total: 0,
      unlisted: ['bet9ja'],
    });
  });

  it('is not said to be nothing when what it was is no longer kept', async () => {
    await aRun({ found: keys(5), done: ['e0', 'e1'] });
    expect(await files.missing(anIntent(), { run: 1, platforms: [] })).toMatchObject({ total: 3, letGo: [] });
    await db.execute(sql`delete from work_items`);
    expect(await files.missing(anIntent(), { run: 1, platforms: [] })).toMatchObject({ total: 0, letGo: ['bet9ja'] });
  });

  it('is refused for runs and platforms that are not there, and that is written down', async () => {
    expect(await files.missing(anIntent(), { run: null, platforms: [] })).toMatchObject({ reason: { kind: 'no_run' } });
    await aRun({ found: keys(1), done: keys(1) });
    const ask = (run: number, platform: string) => files.missing(anIntent(), { run, platforms: [platform] });
    expect(await ask(9, 'bet9ja')).toMatchObject({ reason: { kind: 'unknown_run' } });
    expect(await ask(1, 'betpawa')).toMatchObject({ reason: { kind: 'not_in_run' } });
    expect(await ask(1, 'bet9a')).toMatchObject({ reason: { kind: 'unknown_platform', nearest: 'bet9ja' } });
    const refused = await db.execute(sql`select outcome from actions where outcome like 'refused:%'`);
    expect(refused).toHaveLength(4);
  });
});

describe('an export', () => {
  it('holds what the run delivered, with nothing in a cell that a spreadsheet would run', async () => {
    await aRun({ found: keys(3), done: keys(2), price: 2.5 });
    const answer = await files.exportRun(anIntent(), { run: 1, platforms: [] });
    const { name, lines } = await onlyFile();
    expect(answer).toEqual({ kind: 'made', run: 1, files: [{ name, rows: 2, whole: true }], letGo: [] });
    expect(name).toBe('run-1-bet9ja-odds-1.csv');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain(`e0,,"'=HYPERLINK(e0)","B, ""C""",Cup,,2026-12-05T15:00:00Z,1x2,ft,,home,2.5,S_1X2,1`);
  });

  it('tells prices as they were when the run ended, though later runs moved them', async () => {
    await aRun({ found: keys(2), done: keys(2), price: 2 });
    await aRun({ found: keys(2), done: keys(2), price: 3 });
    const prices = async (run: number) => {
      await files.exportRun(anIntent(), { run, platforms: [] });
      return (await onlyFile()).lines.slice(1).map((line) => /home,([\d.]+),/.exec(line)?.[1]);
    };
    expect(await prices(1)).toEqual(['2', '2']);
    expect(await prices(2)).toEqual(['3', '3']);
  });

  it('of a chain holds what its retries added, and what they kept; of a retry run, the same', async () => {
    await aRun({ found: keys(4), done: ['e0', 'e1'] });
    await runs.retry(anIntent(), { run: 1, platforms: [], pressed: false });
    await deliver([], ['e2', 'e3']);
    for (const run of [1, 2]) {
      await files.exportRun(anIntent(), { run, platforms: [] });
      const { lines } = await onlyFile();
      expect(lines.slice(1).map((line) => line.split(',')[4])).toEqual(['e0', 'e1', 'e2', 'e3']);
    }
  });

  it('of a run with lots as well makes a file of each kind', async () => {
    // The job of a platform of the house delivers lots here: what kind a record is stands in the record.
    await runs.start(anIntent(), ['bet9ja']);
    const job = await house.take();
    await jobs.seed(job, 'extract', seedsOf(['555001', 'e0']), 600_000);
    const lot = aListing({ platform: 'bet9ja', title: '@1994 GT', imageUrls: [imageUrl(1)] });
    await jobs.settle(job, 'extract', [
      { key: '555001', outcome: 'done', records: [lot] },
      { key: 'e0', outcome: 'done', records: [record('e0', 2, new Date(0).toISOString())] },
    ]);
    await jobs.endAttempt(job, aResult('completed'));
    const answer = await files.exportRun(anIntent(), { run: 1, platforms: [] });
    const names = answer.kind === 'made' ? answer.files.map(({ name, rows }) => [name, rows]) : [];
    expect(names).toEqual([
      ['run-1-bet9ja-odds-1.csv', 1],
      ['run-1-bet9ja-listings-2.csv', 1],
    ]);
    const { lines } = await onlyFile();
    expect(lines[1]).toContain(
      `,258001,"'@1994 GT",1994,Testmake,GT,9TMGT3453R1000001,9TMGT3453R1000001,sold,33000,sold,USD`,
    );
  });

  it('does not hold what other runs delivered', async () => {
    await aRun({ found: ['x', 'y'], done: ['x', 'y'] });
    await aRun({ found: ['z'], done: ['z'] });
    await files.exportRun(anIntent(), { run: 2, platforms: ['bet9ja'] });
    expect((await onlyFile()).lines.slice(1).map((line) => line.split(',')[4])).toEqual(['z']);
  });

  it('is cut at its largest size, at the end of a row, and says so', async () => {
    await aRun({ found: keys(40), done: keys(40) });
    const small = createFileService({ database: house.database, known, fileBytes: 2_000 });
    const answer = await small.exportRun(anIntent(), { run: 1, platforms: [] });
    const { bytes, lines } = await onlyFile();
    expect(Buffer.byteLength(bytes)).toBeLessThanOrEqual(2_000);
    expect(bytes.endsWith('\r\n')).toBe(true);
    expect(answer).toMatchObject({ files: [{ rows: lines.length - 1, whole: false }] });
    const chain = await readChain(db, 1);
    const post = chain === null ? undefined : threadOf(chain, aTelling()).at(-1);
    expect(post?.message.lines[0]?.text).toMatch(/These are the first \d+ rows.*npm run -s export -- --run 1$/);
  });

  it('of a run that is too old says so, and of which platforms', async () => {
    await aRun({ found: keys(3), done: keys(2) });
    await db.execute(sql`delete from work_items`);
    const answer = await files.exportRun(anIntent(), { run: 1, platforms: [] });
    expect(answer).toEqual({ kind: 'made', run: 1, files: [], letGo: ['bet9ja'] });
  });

  it('of a run that delivered nothing makes no file', async () => {
    await runs.start(anIntent(), ['bet9ja']);
    await jobs.endAttempt(await house.take(), aResult('failed', aFailure('bet9ja', 'blocked')));
    const answer = await files.exportRun(anIntent(), { run: 1, platforms: [] });
    expect(answer).toEqual({ kind: 'made', run: 1, files: [], letGo: [] });
    expect(await db.execute(sql`select 1 from files`)).toHaveLength(0);
  });
});

describe('the views for people who write SQL', () => {
  it('tell what each platform of a chain came to, and what is missing of it', async () => {
    await aRun({ found: keys(4), done: ['e0', 'e1'] });
    const outcomes = () =>
      db.execute(
        sql`select run_id, status, complete, found, delivered, retries from platform_outcomes where root_id = 1`,
      );
    const first = { run_id: 1, status: 'partial', complete: false, found: 4, delivered: 2, retries: 0 };
    expect([...(await outcomes())]).toEqual([first]);
    const missing = () => db.execute(sql`select platform, key, name from missing_items where root_id = 1 order by key`);
    expect([...(await missing())]).toEqual([
      { platform: 'bet9ja', key: 'e2', name: 'Match e2' },
      { platform: 'bet9ja', key: 'e3', name: 'Match e3' },
    ]);
    await runs.retry(anIntent(), { run: 1, platforms: [], pressed: false });
    await deliver([], ['e2', 'e3']);
    const second = { run_id: 2, status: 'completed', complete: true, found: 4, delivered: 4, retries: 1 };
    expect([...(await outcomes())]).toEqual([second]);
    expect(await missing()).toHaveLength(0);
  });
});

describe('a file', () => {
  it('is told to whoever missed the announcement, and let go of after a week', async () => {
    await aRun({ found: keys(20), done: [] });
    const [now] = await db.execute<{ now: string }>(sql`select to_jsonb(now()) #>> '{}' as now`);
    await files.missing(anIntent(), { run: 1, platforms: [] });
    expect((await readLiveChains(db, new Date(now?.now ?? ''))).map((chain) => chain.rootId)).toEqual([1]);
    await db.execute(sql`update files set at = now() - interval '8 days'`);
    await files.missing(anIntent(), { run: 1, platforms: [] });
    expect(await files.content(1)).toBeNull();
    expect(await files.content(2)).not.toBeNull();
  });
});
