import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../helpers/database.ts';
import { scratchFolder } from '../status-page/scratch-folder.ts';

const { url } = await testDatabase();
const folder = await scratchFolder();
const command = fileURLToPath(new URL('../../bot/page-command.ts', import.meta.url));

/** Runs the command as npm does; answers its exit status and all it said. */
function pageBuild(args: string[], databaseUrl = url): Promise<{ status: number; said: string }> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: databaseUrl, DATA_DIR: join(folder, 'data') };
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], { env }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), said: stdout + stderr });
    });
  });
}

describe('npm run page:build', () => {
  it('writes plain files where it is told to, and again into what it wrote', async () => {
    const out = join(folder, 'new', 'page');
    expect(await pageBuild(['--out', out])).toEqual({ status: 0, said: `The status page is in ${out}\n` });
    await writeFile(join(out, '_astro', 'old.css'), '');
    expect(await pageBuild(['--out', out])).toMatchObject({ status: 0 });
    const written = await readdir(out);
    expect(written).toEqual(expect.arrayContaining(['404.html', '_astro', 'index.html', 'runs', 'status.json']));
    expect(await readdir(join(out, '_astro'))).not.toContain('old.css');
    expect(await readFile(join(out, 'index.html'), 'utf8')).toContain('No run yet: type /scrape now');
  });

  it('never writes into a folder that holds something else', async () => {
    const out = join(folder, 'precious');
    await mkdir(out);
    await writeFile(join(out, 'index.html'), 'precious');
    const { status, said } = await pageBuild(['--out', out]);
    expect(status).toBe(1);
    expect(said).toMatch(/holds other files, so nothing was written\. Name a new or an empty folder with --out\./);
    expect(await readFile(join(out, 'index.html'), 'utf8')).toBe('precious');
  });

  it('says what is wrong and what to do, never a secret', async () => {
    const { status, said } = await pageBuild([], 'postgres://someone:geheim@127.0.0.1:1/x');
    expect(status).toBe(1);
    expect(said).toMatch(/The status page was not built: the database .*ECONNREFUSED.*DATABASE_URL leads to it/);
    expect(said).not.toContain('geheim');
  });
});
