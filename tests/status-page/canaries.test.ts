/**
 * What of the database gets onto the page. Every text that is stored is given a name of its own, and the whole folder is
 * searched for these names: as they are, and as base64 and hexadecimal digits. Then the same with a run that really broke.
 */
import { readdir, readFile } from 'node:fs/promises';
import { homedir, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { createEvidenceService } from '#bot/evidence-service.ts';
import { createLog } from '#bot/log.ts';
import { startRunWorker } from '#bot/run-worker.ts';
import type { Database } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { hostPausesIn } from '#db/host-pauses.ts';
import { ScrapeError } from '#scraper/errors.ts';
import { createFileStore, type Platform } from '#scraper/index.ts';
import { serveProxy } from '../helpers/connect-proxy.ts';
import { scratchDatabase, testDatabase } from '../helpers/database.ts';
import { aFailure, anIntent, openHouse, toyPlatform } from '../helpers/house.ts';
import { serve } from '../helpers/loopback.ts';
import { buildPages } from './build-pages.ts';
import { marks } from './marks.ts';
import { runSql } from './run-sql.ts';
import { scratchFolder } from './scratch-folder.ts';
import { story } from './story.ts';

const folder = await scratchFolder();

/** Everything a folder's files hold, and their names. The renderer is our program, not the page. */
async function wholeOf(statusDir: string): Promise<string> {
  const parts: string[] = [];
  for (const entry of await readdir(statusDir, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (!entry.isFile() || file.startsWith(join(statusDir, 'renderer'))) continue;
    parts.push(file.slice(statusDir.length), await readFile(file, 'utf8'));
  }
  return parts.join('\n');
}

/** `word` as it stands in base64, wherever it begins in what was encoded, and in hexadecimal digits. */
function disguises(word: string): string[] {
  const shifted = ['', 'x', 'xx'].map((before) => {
    const text = Buffer.from(before + word).toString('base64');
    return text.slice(before.length === 0 ? 0 : before.length + 1, -4);
  });
  return [...shifted, Buffer.from(word).toString('hex')];
}

/** What people typed or we say ourselves: the page is there to show it. */
const shown = [
  // Classes of failures.
  'breaker_terms.failure_kind',
  'failures.kind',
  'jobs.failure_kind',
  // Our own sentences, one for each class (see the second test).
  'failures.headline',
  // Names of steps, which stand in our code.
  'failure_days.step',
  'failures.step',
  'jobs.from_step',
  'step_days.step',
  'steps.name',
  // Typed to be shown.
  'notes.text',
];

/** Names of platforms, surfaces and schedules by which rows belong together; what they are is public. */
const structure = new Set(['platform', 'platforms', 'trigger', 'schedule', 'surface', 'backfill', 'item_step']);

/** Gives every text of the history the name of its column. Answers the columns that could be named. */
async function nameAll(database: Database): Promise<string[]> {
  const columns = await database.db.execute<{ table: string; column: string; type: string }>(sql`
    select c.table_name as table, c.column_name as column, c.data_type as type
    from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.data_type in ('text', 'jsonb')`);
  const named: string[] = [];
  const link = database.connect();
  const run = (text: string) => link.run({ text, deadlineMs: 10_000 });
  // Neither triggers nor references stand in the way; checks do: what has a closed list of values can hold nothing else.
  await run('set session_replication_role = replica');
  for (const { table, column, type } of columns) {
    if (structure.has(column)) continue;
    const name = `canary-${table}.${column}-`;
    const value =
      type === 'text'
        ? `'${name}' || ctid::text`
        : `jsonb_build_object('surface', ${column} ->> 'surface', 'name', '${name}')`;
    const update = `update "${table}" set "${column}" = ${value} where "${column}" is not null`;
    const done = await run(update).then(
      () => true,
      () => false,
    );
    if (done) named.push(`${table}.${column}`);
  }
  await link.end();
  return named;
}

describe('of what is stored, the page shows', () => {
  it('names of steps and schedules, our own sentences and notes, and no other text', async () => {
    await using scratch = await scratchDatabase({ breaks: { all: 'a history told by hand' } });
    const { database, db, url } = scratch;
    await runSql(database, story);
    await runSql(database, marks);
    await runSql(
      database,
      `insert into notes (text, actor, starts_at, ends_at)
         values ('x', '{"surface":"slack","id":"u1","name":"Ada"}', '2024-11-23 13:50Z', '2024-11-23 18:00Z');
       insert into acceptances (job_id, actor, why) values (7, '{"surface":"slack","id":"u1","name":"Ada"}', 'x')`,
    );
    const unread = await db.execute<{ name: string; rows: number }>(sql`
      select table_name as name, (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %I', table_name), false, true, '')))[1]::text::int as rows
      from (select distinct table_name from information_schema.view_table_usage
            where view_schema = 'status' and table_schema = 'public') tables`);
    expect(unread.filter(({ rows }) => rows === 0).map(({ name }) => name)).toEqual([]);
    const named = await nameAll(database);
    for (const column of [
      'runs.requested_by',
      'failures.detail',
      'steps.error_message',
      'mutes.muted_by',
      'notes.actor',
    ]) {
      expect(named).toContain(column);
    }

    const statusDir = join(folder, 'named');
    await buildPages(url, statusDir);
    const whole = await wholeOf(statusDir);
    const found = new Set([...whole.matchAll(/canary-([a-z_]+\.[a-z_]+)-/gi)].map(([, column]) => column));
    expect(found).toEqual(new Set(shown));
    for (const disguise of disguises('canary-')) expect(whole).not.toContain(disguise);
  });
});

const { url } = await testDatabase();
const house = await openHouse(url);
afterAll(() => house[Symbol.asyncDispose]());

/** A platform that breaks in every way, each time with something in it that nobody outside may see. */
const leaky: Platform = {
  ...toyPlatform('bet9ja'),
  steps: [
    {
      kind: 'discover',
      name: 'discover',
      feeds: 'extract',
      async *discover() {
        yield ['quoted', 'thrown', 'asked'].map((what) => ({
          key: `canary-key/${what}`,
          priority: 0,
          payload: { what, at: '/canary-payload' },
        }));
      },
    },
    {
      kind: 'items',
      name: 'extract',
      async work(item, site) {
        if (item.key.endsWith('quoted')) throw new ScrapeError('drifted', 'at /canary-path: <canary-quoted>');
        if (item.key.endsWith('thrown')) throw new Error(`canary-thrown in ${import.meta.filename}`);
        await site.http.json({ path: '/canary-path?token=canary-token' });
        return [];
      },
    },
  ],
};

describe('of a run that broke, the page shows', () => {
  it('which class of failure it was, and no host, path, name, stack or token', async () => {
    await using site = await serve((_, response) => response.writeHead(500).end('canary-body'));
    await using proxy = await serveProxy();
    const actor = { surface: 'console', id: 'canary-id', name: 'Canary Name' };
    await house.runs.start(anIntent({ actor }), ['bet9ja']);
    const worker = await startRunWorker({
      jobs: house.jobs,
      pauses: hostPausesIn(house.db),
      evidence: createEvidenceService(house.database, { hours: 72, perPlatform: 100 }),
      database: house.database,
      files: createFileStore(join(tmpdir(), 'rescrape-no-files')),
      queue: house.queue,
      findPlatform: () => leaky,
      baseUrls: { bet9ja: site.url },
      proxyUrls: { bet9ja: `http://canary-user:canary-password@127.0.0.1:${proxy.port}` },
      slots: 1,
      owner: 'canary-worker',
      log: createLog('silent', 'test'),
    });
    onTestFinished(() => worker.stop(0));
    const kinds = () => house.db.execute<{ kind: string }>(sql`select distinct kind from failures order by kind`);
    const ended = () => house.db.execute(sql`select 1 from runs where finished_at is not null`);
    await expect.poll(async () => (await ended()).length).toBe(1);
    expect([...(await kinds())].map(({ kind }) => kind)).toEqual(['drifted', 'internal', 'unreachable']);
    await house.mutes.mute(anIntent({ actor }), { platform: 'bet9ja', until: null, run: null });

    const statusDir = join(folder, 'broken');
    await buildPages(url, statusDir, new Date());
    const whole = await wholeOf(statusDir);
    for (const { headline } of (['drifted', 'internal', 'unreachable'] as const).map((kind) =>
      aFailure('bet9ja', kind),
    )) {
      expect(whole).toContain(headline);
    }
    expect(whole).not.toMatch(/canary/i);
    for (const word of [
      ...disguises('canary'),
      '127.0.0.1',
      site.host,
      hostname(),
      homedir(),
      tmpdir(),
      process.cwd(),
    ]) {
      expect(whole).not.toContain(word);
    }
    expect(whole).not.toMatch(/node:internal|file:\/\/|\.ts:\d+|node_modules/);
  });
});
