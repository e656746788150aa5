import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

test('what a start compiles is kept beside the packages, for the next one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rescrape-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const root = join(import.meta.dirname, '../..');
  await cp(join(root, 'bot/compiled.ts'), join(folder, 'bot/compiled.ts'));
  await cp(join(root, 'scraper/turns.ts'), join(folder, 'bot/turns.ts'));
  const program = "import('./compiled.ts').then(({ keepCompiled }) => (keepCompiled(), import('./turns.ts')))";
  await promisify(execFile)(process.execPath, ['-e', program], {
    cwd: join(folder, 'bot'),
    env: { PATH: process.env['PATH'] },
  });
  const kept = await readdir(join(folder, 'node_modules/.cache/compiled'), { recursive: true, withFileTypes: true });
  expect(kept.filter((entry) => entry.isFile())).not.toHaveLength(0);
});
