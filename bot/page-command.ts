/**
 * `npm run page:build [-- --out <folder>] [-- --at <moment>]`: makes every page of the status page anew, where the bot
 * serves it from or as plain files.
 */
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { keepCompiled } from './compiled.ts';

keepCompiled();
const { describeDatabaseError } = await import('#db/errors.ts');
const { locateDatabase } = await import('#db/locate.ts');
const { stderrLog } = await import('#db/log.ts');
const { ConfigError, readEnvironment } = await import('#db/environment.ts');
const { migrate } = await import('#db/migrate.ts');
const { platforms } = await import('#scraper/index.ts');
const { openingOf } = await import('#bot/page/open-page.ts');
const { rebuild } = await import('#bot/page/rebuild.ts');
const { loadConfig } = await import('./config.ts');
const { loadSettings } = await import('./load-settings.ts');

/** What a page consists of, at its top. */
const ownNames = ['index.html', '404.html', '_astro'];

async function command(): Promise<string> {
  const { values } = parseArgs({ options: { out: { type: 'string' }, at: { type: 'string' } } });
  const now = values.at === undefined ? new Date() : new Date(values.at);
  if (Number.isNaN(now.getTime())) throw new Error('--at must be a moment, like 2026-11-23T12:00:00Z.');
  const out = values.out === undefined ? null : resolve(values.out);
  if (out !== null) await refuseForeign(out);
  const env = readEnvironment(process.env);
  const config = loadConfig(env, await loadSettings(env), platforms);
  const located = await locateDatabase({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log: stderrLog });
  const address = config.settings.statusPage.url ?? `http://127.0.0.1:${config.port}/`;
  try {
    await migrate(located.url, { log: stderrLog });
    if (out === null) {
      const opening = openingOf(config, located.url, address);
      await rebuild(opening, now);
      return join(opening.statusDir, 'current');
    }
    const folder = await mkdtemp(join(tmpdir(), 'rescrape-page-'));
    try {
      await rebuild(openingOf({ ...config, statusDir: folder }, located.url, address), now);
      // Whole, not by halves: what the folder held is an earlier page.
      for (const name of await readdir(out).catch(() => []))
        await rm(join(out, name), { recursive: true, force: true });
      await mkdir(out, { recursive: true });
      await cp(join(folder, 'current'), out, { recursive: true });
      return out;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } finally {
    await located.release();
  }
}

/** A mistyped folder must not lose anything: only a new one, an empty one or an earlier page is written to. */
async function refuseForeign(out: string): Promise<void> {
  const names = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [] as string[];
    throw new Error(`${out} cannot be written to (${error.code ?? error.name}). Name a folder with --out.`);
  });
  if (names.length === 0 || ownNames.every((name) => names.includes(name))) return;
  throw new Error(`${out} holds other files, so nothing was written. Name a new or an empty folder with --out.`);
}

try {
  process.stdout.write(`The status page is in ${await command()}\n`);
} catch (error) {
  process.stderr.write(`The status page was not built: ${reasonOf(error)}\n`);
  process.exitCode = 1;
}

function reasonOf(error: unknown): string {
  if (error instanceof ConfigError) return error.faults.join('; ');
  const database = describeDatabaseError(error);
  if (database === null) return error instanceof Error ? error.message : 'unknown';
  return `the database did not do its part (${database}). See that it is up and that DATABASE_URL leads to it.`;
}
