import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../helpers/database.ts';
import { seedHistory } from '../../helpers/seed-history.ts';
import { buildPages } from '../../status-page/build-pages.ts';
import { scratchFolder } from '../../status-page/scratch-folder.ts';
import { runSql } from '../../status-page/run-sql.ts';

const { url, database } = await testDatabase({ breaks: { all: 'a history told by hand' } });
const folder = await scratchFolder();
const noon = new Date('2026-11-23T12:00:00Z');

beforeAll(() => seedHistory(url, 130, noon));

async function filesOf(site: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const entry of await readdir(site, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set(relative(site, file), await readFile(file, 'utf8'));
  }
  return files;
}

describe('a full rebuild', () => {
  it(
    'makes a page for every run, and the same bytes whenever it is made of the same history',
    { timeout: 120_000 },
    async () => {
      const one = await filesOf(await buildPages(url, join(folder, 'one'), noon));
      const two = await filesOf(await buildPages(url, join(folder, 'two'), noon));
      for (let id = 1; id <= 130; id++) expect(one.has(`runs/${id}/index.html`), `run ${id}`).toBe(true);
      for (const list of ['1-100', '101-200']) expect(one.has(`runs/${list}/index.html`), list).toBe(true);
      expect([...one.keys()].sort()).toEqual([...two.keys()].sort());
      expect([...one].filter(([name, text]) => two.get(name) !== text).map(([name]) => name)).toEqual([]);
    },
  );

  it('takes away the pages of runs that are gone', async () => {
    const removed =
      'delete from failures; delete from steps; delete from jobs where run_id > 120; delete from runs where id > 120;';
    await runSql(database, removed);
    const files = await filesOf(await buildPages(url, join(folder, 'one'), noon));
    expect(files.has('runs/120/index.html')).toBe(true);
    expect([...files.keys()].filter((name) => /^runs\/12[1-9]\//.test(name))).toEqual([]);
  });
});
