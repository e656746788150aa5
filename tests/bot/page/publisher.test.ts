import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { lastWords } from '#bot/page/astro.ts';
import { createStatusPublisher, type PublisherParts } from '#bot/page/publisher.ts';
import { testDatabase } from '../../helpers/database.ts';
import { anOpening } from '../../status-page/build-pages.ts';
import { runSql } from '../../status-page/run-sql.ts';
import { scratchFolder } from '../../status-page/scratch-folder.ts';
import { story } from '../../status-page/story.ts';

const { url, database } = await testDatabase({ breaks: { all: 'a history told by hand' } });
const folder = await scratchFolder();
const statusDir = join(folder, 'status');

beforeAll(() => runSql(database, story));

function collectingLog() {
  const told: { level: string; fields: Record<string, unknown>; message: string }[] = [];
  const at = (level: string) => (fields: Record<string, unknown>, message: string) =>
    void told.push({ level, fields, message });
  const log = { debug: at('debug'), warn: at('warn'), error: at('error') } as PublisherParts['log'];
  return { told, log };
}

function newRun(id: number): Promise<void> {
  return runSql(
    database,
    `insert into runs (id, status, trigger, trigger_key, root_id, platforms, requested_by)
     values (${id}, 'pending', 'console', 'a${id}', ${id}, '{betpawa}', '{"surface":"console","id":"x","name":"x"}')`,
  );
}

async function current(path: string): Promise<string> {
  return readFile(join(statusDir, 'current', path), 'utf8');
}

describe('the status publisher', () => {
  it('begins with a first page, and makes one more build of all that is asked for meanwhile', async () => {
    const { told, log } = collectingLog();
    const publisher = createStatusPublisher({ ...anOpening(url, statusDir), log });
    await publisher.publish();
    const before = told.length;
    await newRun(8);
    await Promise.all([publisher.publish(8), publisher.publish(), publisher.publish(8)]);
    await publisher.settled();
    expect(await current('index.html')).toContain('href="runs/8/"');
    expect(told.every(({ level }) => level === 'debug')).toBe(true);
    expect(told.slice(before).filter(({ fields }) => fields['build'] === 'live')).toHaveLength(1);
    await publisher.stop();
  });

  it('leaves no listener on its process, however often it builds', async () => {
    const warnings: string[] = [];
    const onWarning = (warning: Error) => void warnings.push(warning.name);
    process.on('warning', onWarning);
    const publisher = createStatusPublisher({ ...anOpening(url, statusDir), log: collectingLog().log });
    for (let build = 1; build <= 12; build += 1) await publisher.publish();
    await publisher.stop();
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  it('writes the pages of what changed, and leaves older ones as they are', async () => {
    const { log } = collectingLog();
    const swaps: (readonly string[])[] = [];
    const publisher = createStatusPublisher({ ...anOpening(url, statusDir), log, onSwap: (made) => swaps.push(made) });
    await publisher.publish();
    await publisher.settled();
    const old = await stat(join(statusDir, 'current', 'runs', '3', 'index.html'));
    swaps.length = 0;
    await newRun(9);
    await publisher.publish();
    expect(swaps[0]).toContain('/runs/9/');
    expect(swaps[0]).toContain('/');
    expect(swaps[0]).not.toContain('/runs/3/');
    expect((await stat(join(statusDir, 'current', 'runs', '3', 'index.html'))).ino).toBe(old.ino);
    await publisher.stop();
  });

  it('keeps the page as it is when a build fails, says why without a secret, and makes it known after three', async () => {
    const { told, log } = collectingLog();
    const before = [await current('index.html'), await readFile(join(statusDir, 'site.json'), 'utf8')];
    const databaseUrl = 'postgres://someone:geh%65im@127.0.0.1:1/nowhere';
    const publisher = createStatusPublisher({ ...anOpening(databaseUrl, statusDir), log });
    await publisher.settled();
    await publisher.publish();
    expect(publisher.trouble()).toBeNull();
    await publisher.publish();
    const reason =
      'The database could not be read (ECONNREFUSED). See that it is up and that DATABASE_URL leads to it.';
    expect(publisher.trouble()).toBe(`not renewed, 3 builds failed: ${reason}`);
    expect([await current('index.html'), await readFile(join(statusDir, 'site.json'), 'utf8')]).toEqual(before);
    const message = 'the status page could not be renewed; the one before stays';
    expect(told).toEqual([
      { level: 'warn', fields: { reason, failures: 1 }, message },
      { level: 'warn', fields: { reason, failures: 2 }, message },
      { level: 'error', fields: { reason, failures: 3 }, message },
    ]);
    await publisher.stop();
  });

  it('shares its folder with another process', async () => {
    const { told, log } = collectingLog();
    const [one, two] = [0, 1].map(() => createStatusPublisher({ ...anOpening(url, statusDir), log }));
    await newRun(10);
    await Promise.all([one?.publish(), two?.publish()]);
    expect(told.filter(({ level }) => level !== 'debug')).toEqual([]);
    expect(await current('index.html')).toContain('href="runs/10/"');
    await Promise.all([one?.stop(), two?.stop()]);
  });

  it('can be stopped in the middle: nothing changes, nothing more is built', async () => {
    const { told, log } = collectingLog();
    const before = [await current('index.html'), await readdir(statusDir)];
    const publisher = createStatusPublisher({ ...anOpening(url, statusDir), log });
    const asked = [publisher.publish(), publisher.publish()];
    await publisher.stop();
    await Promise.all(asked);
    await publisher.publish();
    await publisher.settled();
    expect([await current('index.html'), await readdir(statusDir)]).toEqual(before);
    expect(told).toEqual([]);
  });
});

describe('the reason of a failed build', () => {
  it.each([
    ['What happened.\n  Stack trace:\n    at somewhere (file:///x.js:1:2)\n\nNode.js v24.21.0\n', 'What happened.'],
    ['first\nsecond\n', 'second'],
    ['cannot reach postgres://bob:hidden@elsewhere/x', 'cannot reach postgres://***@elsewhere/x'],
    ['x'.repeat(1000), 'x'.repeat(300)],
    ['', ''],
  ])('is the last line that says something, without secrets: %s', (output, reason) => {
    expect(lastWords(output)).toBe(reason);
  });
});
