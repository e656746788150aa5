/** `npm run page:build [-- --out <folder>]`: builds the status page once, where the bot serves it from or as plain files. */
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeDatabaseError } from '#db/errors.ts';
import { locateDatabase } from '#db/locate.ts';
import { stderrLog } from '#db/log.ts';
import { migrate } from '#db/migrate.ts';
import { buildSite } from './build-site.ts';
import { publishOnce } from './status-publisher.ts';

/** What a page consists of, at its top. */
const ownNames = ['index.html', '404.html', 'favicon.svg', '_astro', 'runs'];

async function command(): Promise<string> {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  const out = values.out === undefined ? null : resolve(values.out);
  if (out !== null) await refuseForeign(out);
  const dataDir = process.env['DATA_DIR'] || '.data';
  const located = await locateDatabase({ databaseUrl: process.env['DATABASE_URL'], dataDir, log: stderrLog });
  try {
    await migrate(located.url, { log: stderrLog });
    if (out !== null) return await buildInto(located.url, out);
    const statusDir = resolve(process.env['STATUS_DIR'] || join(dataDir, 'status'));
    await publishOnce({ databaseUrl: located.url, statusDir });
    return join(statusDir, 'current');
  } finally {
    await located.release();
  }
}

async function buildInto(databaseUrl: string, out: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rescrape-page-'));
  try {
    const site = await buildSite({ databaseUrl, folder });
    for (const name of ownNames) await rm(join(out, name), { recursive: true, force: true });
    await mkdir(out, { recursive: true });
    await cp(site, out, { recursive: true });
    return out;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A mistyped folder must not lose anything: only a new one, an empty one or an earlier page is written to. */
async function refuseForeign(out: string): Promise<void> {
  const names = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [] as string[];
    throw new Error(`${out} cannot be written to (${error.code ?? error.name}). Name a folder with --out.`);
  });
  if (names.length === 0 || ['index.html', '404.html', '_astro'].every((name) => names.includes(name))) return;
  throw new Error(`${out} holds other files, so nothing was written. Name a new or an empty folder with --out.`);
}

try {
  process.stdout.write(`The status page is in ${await command()}\n`);
} catch (error) {
  const database = describeDatabaseError(error);
  const reason =
    database === null
      ? error instanceof Error
        ? error.message
        : 'unknown'
      : `the database did not do its part (${database}). See that it is up and that DATABASE_URL leads to it.`;
  process.stderr.write(`The status page was not built: ${reason}\n`);
  process.exitCode = 1;
}
