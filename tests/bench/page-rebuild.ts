/** How long a full rebuild takes, as people run it, and whether the same history gives the same bytes each time. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peakOf } from './memory.ts';

const ROUNDS = 5;
const program = fileURLToPath(new URL('../../bot/page-command.ts', import.meta.url));

/** What came of it: durations in milliseconds, `files` of the site. */
export interface Rebuilt {
  took: number[];
  memoryMb: number;
  files: number;
  same: boolean;
}

/** Makes the page of one history again and again, each time into a new folder within `folder`. */
export async function measureRebuild(url: string, folder: string): Promise<Rebuilt> {
  const took: number[] = [];
  const sums = new Set<string>();
  let [memoryMb, files] = [0, 0];
  for (let round = 1; round <= ROUNDS; round++) {
    const statusDir = join(folder, String(round));
    const began = performance.now();
    memoryMb = Math.max(memoryMb, await build(url, statusDir));
    took.push(performance.now() - began);
    const sum = await sumOf(join(statusDir, 'current'));
    sums.add(sum.hash);
    files = sum.files;
    process.stderr.write(`rebuild ${round} of ${ROUNDS}: ${((took.at(-1) ?? 0) / 1_000).toFixed(1)} s\n`);
  }
  return { took, memoryMb, files, same: sums.size === 1 };
}

/** Answers the most memory the process took, megabytes. */
async function build(url: string, statusDir: string): Promise<number> {
  const child = spawn(process.execPath, [program, '--at', '2026-11-23T12:00:00Z'], {
    env: { DATABASE_URL: url, STATUS_DIR: statusDir, DATA_DIR: statusDir },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let peak = 0;
  const looking = setInterval(() => void peakOf(child.pid ?? 0).then((now) => (peak = Math.max(peak, now))), 50);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(looking);
  if (code !== 0) throw new Error(`the rebuild ended with ${String(code)}`);
  return peak;
}

async function sumOf(site: string): Promise<{ files: number; hash: string }> {
  const entries = await readdir(site, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash('sha256');
  for (const name of names.toSorted()) hash.update(`${name.slice(site.length)}\0`).update(await readFile(name));
  return { files: names.length, hash: hash.digest('hex') };
}
