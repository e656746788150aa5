import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createFileStore } from '#scraper/file-store.ts';

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'rescrape-store-'));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}

const hello = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

test('a file lies under the hash of what is in it, and the same again is the same file', async () => {
  const root = await folder();
  const store = createFileStore(join(root, 'images'));
  const expected = { sha256: hello, path: `2c/${hello}.txt` };
  expect(await store.keep(Buffer.from('hello'), 'txt')).toEqual(expected);
  expect(await store.keep(Buffer.from('hello'), 'txt')).toEqual(expected);
  expect(await readFile(join(root, 'images', expected.path), 'utf8')).toBe('hello');
  expect(await readdir(join(root, 'images/2c'))).toEqual([`${hello}.txt`]);
});

test('many who keep the same at once leave one whole file and no drafts', async () => {
  const root = await folder();
  const bytes = Buffer.alloc(300_000, 1);
  const kept = await Promise.all(Array.from({ length: 8 }, () => createFileStore(root).keep(bytes, 'bin')));
  expect(new Set(kept.map(({ path }) => path)).size).toBe(1);
  expect(await readdir(join(root, kept[0]!.path.slice(0, 2)))).toHaveLength(1);
  expect(await readFile(join(root, kept[0]!.path))).toEqual(bytes);
});

test('a damaged file is replaced', async () => {
  const root = await folder();
  const store = createFileStore(root);
  const { path } = await store.keep(Buffer.from('hello'), 'txt');
  await writeFile(join(root, path), 'he');
  await store.keep(Buffer.from('hello'), 'txt');
  expect(await readFile(join(root, path), 'utf8')).toBe('hello');
});

test('where nothing can be written, nothing is said to be kept', async () => {
  const root = await folder();
  await writeFile(join(root, 'file'), '');
  await expect(createFileStore(join(root, 'file')).keep(Buffer.from('hello'), 'txt')).rejects.toThrow('ENOTDIR');
});
