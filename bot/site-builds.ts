/**
 * The folder the page is served from: `builds/<time>-<n>` holds whole pages, `current` leads to the newest. Several
 * processes may work on it at once: a build appears and `current` moves by a rename, and both are done or not done.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readlink, realpath, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';

const namePattern = /^(\d{8}T\d{9}Z)-(\d{1,6})$/;
const workPrefix = '.work-';
const linkPrefix = '.current-';

/** How many builds stay: whoever is being answered from the last but one may finish. */
const KEPT = 2;

/** What a process that was killed left behind is removed when it is older than any build can be, milliseconds. */
const LEFT_BEHIND_MS = 10 * 60_000;

/** A build that has begun: where to work, and when its data were asked for. */
export interface BegunBuild {
  folder: string;
  stamp: string;
}

/**
 * The folder of the page to be shown now, resolved; null before the first build. Whoever is slow may find the build gone
 * that `current` led to a moment ago, so it is looked at again.
 */
export async function currentSite(statusDir: string): Promise<string | null> {
  for (let tries = 1; ; tries++) {
    try {
      return await realpath(join(statusDir, 'current'));
    } catch (error) {
      if (!isMissing(error)) throw error;
      if (tries === 5 || (await shown(statusDir)) === null) return null;
    }
  }
}

/** Makes an empty folder to build in. Its stamp is never behind a build that is already there, whatever the clock says. */
export async function beginBuild(statusDir: string, now: Date): Promise<BegunBuild> {
  const builds = join(statusDir, 'builds');
  await mkdir(builds, { recursive: true });
  const stamp = now.toISOString().replace(/[-:.]/g, '');
  const newest = (await buildNames(builds))[0] ?? '';
  const ahead = namePattern.exec(newest)?.[1] ?? '';
  return { folder: await mkdtemp(join(builds, workPrefix)), stamp: ahead > stamp ? ahead : stamp };
}

/** Takes a finished page into the builds, shows the newest build there is, and removes what is no longer needed. */
export async function finishBuild(statusDir: string, build: BegunBuild, site: string): Promise<void> {
  const builds = join(statusDir, 'builds');
  await addBuild(builds, build.stamp, site);
  await showNewest(statusDir, builds);
  await removeOld(statusDir, builds);
}

/** Removes the folder a build worked in. */
export async function clearBuild(build: BegunBuild): Promise<void> {
  await rm(build.folder, { recursive: true, force: true, maxRetries: 3 });
}

async function addBuild(builds: string, stamp: string, site: string): Promise<void> {
  const taken = (await buildNames(builds)).map(parseName).filter((name) => name.stamp === stamp);
  for (let n = Math.max(0, ...taken.map((name) => name.n)) + 1; ; n++) {
    try {
      return await rename(site, join(builds, `${stamp}-${n}`));
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
}

/** Whoever comes last looks again after its own move: so an older page never stays in front of a newer one. */
async function showNewest(statusDir: string, builds: string): Promise<void> {
  for (;;) {
    const [newest] = await buildNames(builds);
    if (newest === undefined || (await shown(statusDir)) === newest) return;
    const link = join(builds, `${linkPrefix}${randomUUID()}`);
    // A relative target, seen from where the link ends up: the whole folder may be moved or mounted elsewhere.
    await symlink(join('builds', newest), link, 'dir');
    await rename(link, join(statusDir, 'current'));
  }
}

async function shown(statusDir: string): Promise<string | null> {
  try {
    return basename(await readlink(join(statusDir, 'current')));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function removeOld(statusDir: string, builds: string): Promise<void> {
  const names = await buildNames(builds);
  const current = await shown(statusDir);
  const old = names.slice(KEPT).filter((name) => name !== current);
  const left = (await readdir(builds)).filter((name) => name.startsWith(workPrefix) || name.startsWith(linkPrefix));
  for (const name of left) {
    const age = await stat(join(builds, name)).catch(() => null);
    if (age !== null && Date.now() - age.mtimeMs > LEFT_BEHIND_MS) old.push(name);
  }
  for (const name of old) await rm(join(builds, name), { recursive: true, force: true, maxRetries: 3 });
}

/** Names of finished builds, newest first. */
async function buildNames(builds: string): Promise<string[]> {
  const names = (await readdir(builds)).filter((name) => namePattern.test(name));
  return names.toSorted((a, b) => {
    const [x, y] = [parseName(a), parseName(b)];
    return x.stamp === y.stamp ? y.n - x.n : x.stamp < y.stamp ? 1 : -1;
  });
}

function parseName(name: string): { stamp: string; n: number } {
  const [, stamp = '', n = '0'] = namePattern.exec(name) ?? [];
  return { stamp, n: Number(n) };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST');
}
