import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMap, shelfOf } from '#bot/page/map.ts';
import { putContent, readWhole, swap, sweep, type MapFacts } from '#bot/page/store.ts';
import { scratchFolder } from '../../status-page/scratch-folder.ts';

const folder = await scratchFolder();
let folders = 0;

async function statusFolder(): Promise<string> {
  folders += 1;
  await mkdir(join(folder, String(folders)));
  return join(folder, String(folders));
}

const facts: MapFacts = {
  edition: 'test',
  generatedAt: '2026-11-23T12:00:00.000Z',
  nextAt: '2026-11-23T12:05:00.000Z',
  newest: 1,
  open: [],
  archive: null,
};

/** Shows these files; null takes one away. */
function show(statusDir: string, files: Record<string, string | null>): Promise<string[]> {
  const fresh = Object.entries(files).map(
    ([path, text]) => [path, text === null ? null : putContent(statusDir, path, Buffer.from(text))] as const,
  );
  return swap(statusDir, facts, new Map(fresh));
}

/** The same by a process that is killed when it places its `nth` plain file; answers the signal that ended it. */
function swapKilledAt(nth: number, statusDir: string, files: Record<string, string | null>): Promise<unknown> {
  const kills = `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module'; let links = 0; const link = fs.linkSync;
    fs.linkSync = (...given) => { if (++links === ${nth}) process.kill(process.pid, 'SIGKILL'); return link(...given); };
    syncBuiltinESMExports();`;
  const swaps = `import { putContent, swap } from '#bot/page/store.ts'; const { statusDir, facts, files } = JSON.parse(process.argv[1]);
    const put = (path, text) => text === null ? null : putContent(statusDir, path, Buffer.from(text));
    await swap(statusDir, facts, new Map(Object.entries(files).map(([path, text]) => [path, put(path, text)])));`;
  const given = JSON.stringify({ statusDir, facts, files });
  const loaded = `data:text/javascript,${encodeURIComponent(kills)}`;
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', loaded, '--input-type=module', '-e', swaps, given], (error) =>
      resolve(error?.signal ?? error?.message),
    );
  });
}

async function plainFiles(statusDir: string): Promise<Record<string, string>> {
  const top = join(statusDir, 'current');
  const files: Record<string, string> = {};
  for (const entry of await readdir(top, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile()) files[relative(top, file)] = await readFile(file, 'utf8');
  }
  return files;
}

async function contents(statusDir: string): Promise<number> {
  const entries = await readdir(join(statusDir, 'contents'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).length;
}

describe('the status folder', () => {
  it('has no map before the first swap, and none of another format', async () => {
    const statusDir = await statusFolder();
    expect(await readMap(statusDir)).toBeNull();
    await writeFile(join(statusDir, 'site.json'), '{"version":2}');
    expect(await readMap(statusDir)).toBeNull();
    await writeFile(join(statusDir, 'site.json'), 'half a ma');
    expect(await readMap(statusDir)).toBeNull();
  });

  it('shows what was swapped in, besides what stood there, on the map and as plain files', async () => {
    const statusDir = await statusFolder();
    expect(await show(statusDir, { '/': 'front 1', '/runs/7/': 'run 7', '/404.html': 'nothing' })).toEqual([
      '/',
      '/404.html',
      '/runs/7/',
    ]);
    expect(await show(statusDir, { '/': 'front 2', '/runs/1008/': 'run 1008', '/404.html': 'nothing' })).toEqual([
      '/',
      '/runs/1008/',
    ]);
    expect([...(await readWhole(statusDir)).keys()].sort()).toEqual(['/', '/404.html', '/runs/1008/', '/runs/7/']);
    expect(Object.keys((await readMap(statusDir))?.shelves ?? {})).toEqual(['0', '1']);
    expect(await plainFiles(statusDir)).toEqual({
      'index.html': 'front 2',
      '404.html': 'nothing',
      'runs/7/index.html': 'run 7',
      'runs/1008/index.html': 'run 1008',
    });
  });

  it('writes a content once: a page that did not change is the same file', async () => {
    const statusDir = await statusFolder();
    await show(statusDir, { '/runs/7/': 'run 7' });
    const file = join(statusDir, 'current', 'runs', '7', 'index.html');
    const before = await stat(file);
    await show(statusDir, { '/': 'front', '/runs/7/': 'run 7' });
    const after = await stat(file);
    expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
  });

  it('takes pages away', async () => {
    const statusDir = await statusFolder();
    await show(statusDir, { '/': 'front', '/runs/7/': 'run 7', '/platforms/x/': 'x' });
    expect(await show(statusDir, { '/runs/7/': null, '/platforms/x/': null })).toEqual(['/platforms/x/', '/runs/7/']);
    expect(await plainFiles(statusDir)).toEqual({ 'index.html': 'front' });
  });

  it('keeps what it replaced for whoever is being answered from it, and removes it with the next swap', async () => {
    const statusDir = await statusFolder();
    await show(statusDir, { '/': 'front 1' });
    await show(statusDir, { '/': 'front 2' });
    expect(await contents(statusDir)).toBe(2);
    await show(statusDir, { '/': 'front 3' });
    expect(await contents(statusDir)).toBe(2);
  });

  it('keeps what was replaced and came back', async () => {
    const statusDir = await statusFolder();
    for (const text of ['one', 'two', 'one', 'one']) await show(statusDir, { '/': text, '/runs/1/': text });
    expect(await plainFiles(statusDir)).toEqual({ 'index.html': 'one', 'runs/1/index.html': 'one' });
    const [hash = ''] = (await readWhole(statusDir)).get('/runs/1/') ?? [];
    expect(await readFile(join(statusDir, 'contents', hash.slice(0, 2), hash.slice(2)), 'utf8')).toBe('one');
  });

  it.each([1, 2, 3])(
    'makes good at the next swap what a process killed at its plain file no. %i left undone',
    async (nth) => {
      const statusDir = await statusFolder();
      await show(statusDir, { '/': 'old', '/runs/1/': 'run 1', '/runs/2/': 'gone soon' });
      const files = { '/': 'new', '/runs/1/': 'run 1 retried', '/runs/2/': null, '/runs/3/': 'run 3' };
      expect(await swapKilledAt(nth, statusDir, files)).toBe('SIGKILL');
      expect((await readWhole(statusDir)).has('/runs/3/')).toBe(true);
      const shown = { 'index.html': 'new', 'runs/1/index.html': 'run 1 retried', 'runs/3/index.html': 'run 3' };
      expect(await plainFiles(statusDir)).not.toEqual(shown);
      // The next one changes nothing of these, or is killed as well.
      expect(await swapKilledAt(1, statusDir, { '/runs/4/': 'run 4' })).toBe('SIGKILL');
      await show(statusDir, { '/atom.xml': 'feed' });
      expect(await plainFiles(statusDir)).toEqual({ ...shown, 'atom.xml': 'feed', 'runs/4/index.html': 'run 4' });
    },
  );

  it('is swept of what killed processes left behind, and of nothing that is shown', async () => {
    const statusDir = await statusFolder();
    await show(statusDir, { '/': 'front', '/runs/1/': 'run 1' });
    putContent(statusDir, '/', Buffer.from('never shown'));
    await writeFile(join(statusDir, 'current', 'index.html.draft'), 'half');
    const before = await plainFiles(statusDir);
    await sweep(statusDir);
    expect(before['index.html.draft']).toBe('half');
    expect(await plainFiles(statusDir)).toEqual({ 'index.html': 'front', 'runs/1/index.html': 'run 1' });
    expect(await contents(statusDir)).toBe(3);
  });

  it.each([
    ['/runs/1/', '0'],
    ['/runs/1000/', '0'],
    ['/runs/1001/', '1'],
    ['/runs/901-1000/', '0'],
    ['/runs/2001-2100/', '2'],
    ['/runs/2026-11/', null],
    ['/runs/', null],
    ['/', null],
    ['/runs/x/', null],
  ])('lists %s on shelf %s', (path, shelf) => {
    expect(shelfOf(path)).toBe(shelf);
  });
});
