/** What can happen to the bundled database, with real processes; named by its row of the fault matrix. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startDemoSites } from '../demo-sites/index.ts';
import { startProcess } from '../helpers/house-process.ts';
import { postmasterPid, serverFolder, stateOf } from '../helpers/server-user.ts';

it.skipIf(process.platform !== 'linux')(
  'P10 two processes on one data folder share its server; when all three are killed, the next one finds everything',
  { timeout: 180_000 },
  async () => {
    await using folder = await serverFolder();
    await using sites = await startDemoSites({ latencyMs: 0, moods: { bet9ja: 'stalls' } });
    const start = (script: string, args: string[], more: Record<string, string> = {}) =>
      startProcess(script, args, { DATA_DIR: folder.path, ...sites.env, ...more });
    await using bot = start('bot/main.ts', ['--json'], { WORKER: 'off' });
    await using worker = start('bot/worker.ts', []);
    bot.type('/scrape now bet9ja');
    await bot.until((said) => said.run === 1 && said.slot === 'card' && said.text.includes('31 of 48 events'));
    const server = await postmasterPid(folder.path);
    await Promise.all([bot.kill('SIGKILL'), worker.kill('SIGKILL')]);
    process.kill(server, 'SIGKILL');
    await expect.poll(() => stateOf(server)).not.toBe('alive');
    expect(existsSync(join(folder.path, 'postgres', 'postmaster.pid'))).toBe(true);

    sites.sites.bet9ja.setMood('ok');
    sites.sites.bet9ja.clearRequests();
    await using next = start('bot/main.ts', ['--json']);
    await next.until((said) => said.run === 1 && said.slot === 'card' && said.text.includes('Run 1 is complete'));
    const asked = sites.sites.bet9ja.requests.flatMap((request) => request.itemKey ?? []);
    expect(asked).toHaveLength(17);
    next.child.kill('SIGTERM');
    expect(await next.exited()).toBe(0);
  },
);

it.skipIf(process.platform !== 'linux')(
  'a bot of which a part is missing ends, says so, and leaves no database running',
  { timeout: 120_000 },
  async () => {
    await using folder = await serverFolder();
    const gone = `import { registerHooks } from 'node:module';
      registerHooks({ load(url, context, next) {
        if (url.endsWith('/bot/bot.ts')) throw new Error('bot.ts cannot be read');
        return next(url, context);
      } });`;
    await using bot = startProcess('bot/main.ts', [], {
      DATA_DIR: folder.path,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(gone)}`,
    });
    expect(await bot.exited()).toBe(1);
    expect(bot.errors()).toContain('bot.ts cannot be read');
    expect(existsSync(join(folder.path, 'postgres', 'PG_VERSION'))).toBe(true);
    expect(existsSync(join(folder.path, 'postgres', 'postmaster.pid'))).toBe(false);
  },
);
