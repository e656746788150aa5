import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { startEmbedded } from '#db/embedded.ts';
import { startProcess } from '../helpers/house-process.ts';

let dataDir: string;
const quiet = { info() {}, warn() {} };

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rescrape-pipe-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true, maxRetries: 20 }));

describe('the demo, fed from a pipe, on the bundled database', () => {
  it('works through its input and ends with status 0 once everything is settled', async () => {
    await using demo = startProcess('tests/demo.ts', ['--json', '--exit-when-idle'], { DATA_DIR: dataDir });
    demo.type('/scrape now');
    demo.end();
    expect(await demo.exited()).toBe(0);
    expect(demo.now(1, 'card')?.text).toContain('Run 1 is partly done: 2/3 platforms complete');
    expect(demo.now(1, 'job:bet9ja')?.buttons).toMatchObject([
      { id: 'v1:retry:1:bet9ja', disabled: false },
      { id: 'v1:mute:1:bet9ja', disabled: false },
    ]);
    expect(demo.errors()).toBe('');
  });

  it('leaves run 1 in the database as it was told', async () => {
    await using server = await startEmbedded(dataDir, quiet);
    await using database = openDatabase(server.url);
    const runs = await database.db.execute(sql`select id, status, trigger from runs`);
    expect([...runs]).toEqual([{ id: 1, status: 'partial', trigger: 'console' }]);
    const jobs = await database.db.execute(sql`
      select platform, status, items_total, items_done, (select count(*)::int from failures f where f.job_id = j.id) > 0 as failed
      from jobs j order by platform`);
    expect([...jobs]).toEqual([
      { platform: 'bet9ja', status: 'partial', items_total: 48, items_done: 31, failed: true },
      { platform: 'betpawa', status: 'completed', items_total: 48, items_done: 48, failed: false },
      { platform: 'sportybet', status: 'completed', items_total: 48, items_done: 48, failed: false },
    ]);
  });

  it('waits where it is told to, and presses a button by its number', async () => {
    await using demo = startProcess('tests/demo.ts', ['--exit-when-idle'], { DATA_DIR: dataDir });
    const text: string[] = [];
    demo.child.stdout?.on('data', (chunk: Buffer) => text.push(chunk.toString()));
    demo.type('/scrape now bet9ja\nwait\n1\nwait\n/scrape history 1');
    demo.end();
    expect(await demo.exited()).toBe(0);
    expect(text.join('')).toContain('Run 2: 1/1 platform complete after 1 retry (2 → 3)');
  });
});
