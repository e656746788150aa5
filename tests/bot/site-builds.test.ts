import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { beginBuild, clearBuild, currentSite, finishBuild, type BegunBuild } from '#bot/site-builds.ts';
import { scratchFolder } from '../status-page/scratch-folder.ts';

const folder = await scratchFolder();
const noon = new Date('2026-11-23T12:00:00.000Z');
const after = (seconds: number) => new Date(noon.getTime() + seconds * 1000);
let folders = 0;

async function statusFolder(): Promise<string> {
  folders += 1;
  await mkdir(join(folder, String(folders)));
  return join(folder, String(folders));
}

async function finish(statusDir: string, begun: BegunBuild, text: string): Promise<void> {
  const site = join(begun.folder, 'site');
  await mkdir(site);
  await writeFile(join(site, 'index.html'), text);
  await finishBuild(statusDir, begun, site);
  await clearBuild(begun);
}

async function publish(statusDir: string, now: Date, text: string): Promise<void> {
  await finish(statusDir, await beginBuild(statusDir, now), text);
}

async function shown(statusDir: string): Promise<string> {
  return readFile(join(statusDir, 'current', 'index.html'), 'utf8');
}

describe('the folder of builds', () => {
  it('shows nothing before the first build', async () => {
    expect(await currentSite(await statusFolder())).toBeNull();
    expect(await currentSite(join(folder, 'never', 'made'))).toBeNull();
  });

  it('shows the newest build and keeps the one before', async () => {
    const statusDir = await statusFolder();
    for (let n = 1; n <= 4; n++) await publish(statusDir, after(n), `page ${n}`);
    expect(await shown(statusDir)).toBe('page 4');
    expect(await readdir(statusDir)).toEqual(['builds', 'current']);
    expect(await readdir(join(statusDir, 'builds'))).toEqual(['20261123T120003000Z-1', '20261123T120004000Z-1']);
  });

  it('has no moment without a page while builds replace one another', async () => {
    const statusDir = await statusFolder();
    await publish(statusDir, noon, 'page 0');
    let done = false;
    let missed = 0;
    async function watch(): Promise<void> {
      while (!done) if ((await currentSite(statusDir)) === null) missed += 1;
    }
    const watchers = Array.from({ length: 4 }, watch);
    for (let n = 1; n <= 40; n++) await publish(statusDir, after(n), `page ${n}`);
    done = true;
    await Promise.all(watchers);
    expect(missed).toBe(0);
  });

  it('never lets a build that began earlier replace one that began later', async () => {
    const statusDir = await statusFolder();
    const slow = await beginBuild(statusDir, after(1));
    await publish(statusDir, after(2), 'newer data');
    await finish(statusDir, slow, 'older data');
    expect(await shown(statusDir)).toBe('newer data');
  });

  it('goes on when the clock is set back', async () => {
    const statusDir = await statusFolder();
    await publish(statusDir, after(3600), 'before');
    for (let n = 1; n <= 11; n++) await publish(statusDir, after(n), `set back ${n}`);
    expect(await shown(statusDir)).toBe('set back 11');
  });

  it('takes builds of the same moment one after the other', async () => {
    const statusDir = await statusFolder();
    await Promise.all(Array.from({ length: 12 }, (_, n) => publish(statusDir, noon, `page ${n}`)));
    expect(await shown(statusDir)).toMatch(/^page \d+$/);
    await publish(statusDir, noon, 'the last');
    expect(await shown(statusDir)).toBe('the last');
    expect(await readdir(join(statusDir, 'builds'))).toHaveLength(2);
  });

  it('removes what a killed process left behind, and nothing somebody still works in', async () => {
    const statusDir = await statusFolder();
    const builds = join(statusDir, 'builds');
    const [left, working] = [await beginBuild(statusDir, noon), await beginBuild(statusDir, noon)];
    const longAgo = new Date(Date.now() - 3_600_000);
    await utimes(left.folder, longAgo, longAgo);
    await mkdir(join(builds, 'somebody-elses'));
    await publish(statusDir, noon, 'page');
    const names = await readdir(builds);
    expect(names.map((name) => join(builds, name))).toContain(working.folder);
    expect(names.map((name) => join(builds, name))).not.toContain(left.folder);
    expect(names).toContain('somebody-elses');
  });
});
