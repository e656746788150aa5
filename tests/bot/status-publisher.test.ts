import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { lastWords } from '#bot/build-site.ts';
import { createStatusPublisher } from '#bot/status-publisher.ts';
import { testDatabase } from '../helpers/database.ts';
import { runSql } from '../status-page/run-sql.ts';
import { scratchFolder } from '../status-page/scratch-folder.ts';
import { story } from '../status-page/story.ts';

const { url, database } = await testDatabase();
const folder = await scratchFolder();
const statusDir = join(folder, 'status');

beforeAll(() => runSql(database, story));

function collectingLog() {
  const told: { level: string; fields: Record<string, unknown>; message: string }[] = [];
  const at = (level: string) => (fields: Record<string, unknown>, message: string) =>
    void told.push({ level, fields, message });
  return { told, log: { debug: at('debug'), warn: at('warn') } as Parameters<typeof createStatusPublisher>[0]['log'] };
}

async function front(): Promise<string> {
  return readFile(join(statusDir, 'current', 'index.html'), 'utf8');
}

async function builds(): Promise<string[]> {
  return readdir(join(statusDir, 'builds'));
}

describe('the status publisher', () => {
  it('begins with a first page, and makes one more build of all that is asked for meanwhile', async () => {
    const { told, log } = collectingLog();
    const publisher = createStatusPublisher({ databaseUrl: url, statusDir, log });
    await runSql(
      database,
      `insert into runs (id, status, trigger, trigger_key, root_id, platforms, requested_by)
       values (8, 'pending', 'console', 'a8', 8, '{betpawa}', '{"surface":"console","id":"x","name":"x"}')`,
    );
    await Promise.all([publisher.publish(), publisher.publish(), publisher.publish()]);
    await publisher.settled();
    expect(told.map(({ level, message }) => [level, message])).toEqual([
      ['debug', 'the status page was renewed'],
      ['debug', 'the status page was renewed'],
    ]);
    expect(await front()).toContain('href="runs/8/"');
    expect(await builds()).toHaveLength(2);
    await publisher.stop();
  });

  it('keeps the page as it is when a build fails, and says why in one line without a secret', async () => {
    const { told, log } = collectingLog();
    const before = [await front(), await readlink(join(statusDir, 'current')), await builds()];
    const databaseUrl = 'postgres://someone:geh%65im@127.0.0.1:1/nowhere';
    const publisher = createStatusPublisher({ databaseUrl, statusDir, log });
    await publisher.settled();
    expect([await front(), await readlink(join(statusDir, 'current')), await builds()]).toEqual(before);
    expect(told).toEqual([
      {
        level: 'warn',
        fields: {
          reason: 'The database could not be read (ECONNREFUSED). See that it is up and that DATABASE_URL leads to it.',
        },
        message: 'the status page could not be renewed; the one before stays',
      },
    ]);
    await publisher.stop();
  });

  it('shares its folder with another process', async () => {
    const { told, log } = collectingLog();
    const [one, two] = [0, 1].map(() => createStatusPublisher({ databaseUrl: url, statusDir, log }));
    await Promise.all([one?.settled(), two?.settled()]);
    expect(told.map(({ level }) => level)).toEqual(['debug', 'debug']);
    expect(await front()).toContain('Latest runs');
    const names = await builds();
    expect(names).toHaveLength(2);
    expect(await readlink(join(statusDir, 'current'))).toBe(join('builds', names.toSorted().at(-1) ?? ''));
    await Promise.all([one?.stop(), two?.stop()]);
  });

  it('can be stopped in the middle: nothing changes, nothing is left behind, nothing more is built', async () => {
    const { told, log } = collectingLog();
    const before = [await front(), await builds()];
    const publisher = createStatusPublisher({ databaseUrl: url, statusDir, log });
    const asked = [publisher.publish(), publisher.publish()];
    await publisher.stop();
    await Promise.all(asked);
    await publisher.publish();
    await publisher.settled();
    expect([await front(), await builds()]).toEqual(before);
    expect(told).toEqual([]);
  });
});

describe('the reason of a failed build', () => {
  const databaseUrl = 'postgres://ada:p%40ss@db.example/x?password=other';

  it.each([
    ['What happened.\n  Stack trace:\n    at somewhere (file:///x.js:1:2)\n\nNode.js v24.21.0\n', 'What happened.'],
    ['first\nsecond\n', 'second'],
    [`cannot reach ${databaseUrl}`, 'cannot reach DATABASE_URL'],
    ['cannot reach postgres://bob:hidden@elsewhere/x', 'cannot reach postgres://***@elsewhere/x'],
    ['p%40ss and p@ss and other', '*** and *** and ***'],
    ['x'.repeat(1000), 'x'.repeat(300)],
    ['', ''],
  ])('is the last line that says something, without secrets: %s', (output, reason) => {
    expect(lastWords(output, databaseUrl)).toBe(reason);
  });
});
