/** A folder of one's own for a test file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** Call it at the top level; the folder and everything in it is removed after the file's last test. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rescrape-status-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
