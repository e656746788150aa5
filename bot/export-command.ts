/**
 * `npm run -s export -- --run 42 [--platform bet9ja] [--holds odds] [--format csv|jsonl]`: what a run delivered, to
 * standard output, row by row, however much it is. CSV comes without a byte order mark: scripts read this.
 */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { findRootId, readChain } from '#db/chains.ts';
import { openDatabase, type Db } from '#db/client.ts';
import { ConfigError, readEnvironment } from '#db/environment.ts';
import { describeDatabaseError } from '#db/errors.ts';
import { forgottenJobs, recordRows, type ExportValue } from '#db/exports.ts';
import { recordKinds, type RecordKind } from '#db/record-kinds.ts';
import { locateDatabase } from '#db/locate.ts';
import { stderrLog } from '#db/log.ts';
import { migrate } from '#db/migrate.ts';
import { platforms } from '#scraper/index.ts';
import { csvLine } from '#bot/chat/csv.ts';
import { lookRefusal, tooOldToExport } from '#bot/chat/file-words.ts';
import { listed } from '#bot/chat/wording.ts';
import { chooseJobs } from '#bot/runs/choose-jobs.ts';

/** Most an export may take, milliseconds. */
const LONGEST_MS = 3_600_000;
const USAGE =
  'Say which run: npm run -s export -- --run 42, and if you like --platform bet9ja, --holds odds, --format csv or jsonl';

/** Something the person can put right; the text says how. */
class Refused extends Error {}

/** Whoever read us has had enough, as `head` has: an end, and no failure. */
class NobodyReads extends Error {}

interface Asked {
  run: number;
  platforms: string[];
  holds: string | null;
  format: 'csv' | 'jsonl';
}

function readArguments(): Asked {
  const { values } = parseOrRefuse();
  const { run, platform = [], holds, format = 'csv' } = values;
  if (run === undefined || !/^[1-9]\d{0,8}$/.test(run)) throw new Refused(USAGE);
  if (format !== 'csv' && format !== 'jsonl')
    throw new Refused(`There is no format ${format}: csv and jsonl are known.`);
  const kinds = recordKinds.map(({ kind }) => kind);
  if (holds !== undefined && !kinds.includes(holds)) {
    throw new Refused(`There are no records called ${holds}: known are ${listed(kinds)}.`);
  }
  return { run: Number(run), platforms: platform, holds: holds ?? null, format };
}

function parseOrRefuse() {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ options: { run: text, platform: { ...text, multiple: true }, holds: text, format: text } });
  } catch {
    throw new Refused(USAGE);
  }
}

async function jobsOf(db: Db, { run, platforms: wanted }: Asked) {
  const rootId = await findRootId(db, run);
  const chain = rootId === null ? null : await readChain(db, rootId);
  if (chain === null) throw new Refused(lookRefusal({ kind: 'unknown_run', run }));
  const known = platforms.map((platform) => platform.id);
  const chosen = chooseJobs({ chain, runId: run, platforms: wanted, known });
  if (chosen.kind === 'refused') throw new Refused(lookRefusal(chosen.reason));
  return chosen.jobs;
}

/** The kinds that have rows, each with its rows; of most kinds a run has none. */
async function filled(tx: Db, jobs: readonly number[], { holds }: Asked) {
  const found: { kind: RecordKind; rows: AsyncGenerator<ExportValue[][]>; first: ExportValue[][] }[] = [];
  for (const kind of recordKinds.filter((one) => holds === null || one.kind === holds)) {
    const rows = recordRows(tx, kind, jobs);
    const first = await rows.next();
    if (first.done !== true) found.push({ kind, rows, first: first.value });
  }
  return found;
}

async function writeAll(tx: Db, asked: Asked): Promise<void> {
  const jobs = await jobsOf(tx, asked);
  const ids = jobs.map((job) => job.id);
  const found = await filled(tx, ids, asked);
  const forgotten = await forgottenJobs(tx, ids);
  if (forgotten.length > 0) {
    const old = jobs.filter((job) => forgotten.includes(job.id)).map((job) => job.platform);
    if (found.length === 0) throw new Refused(tooOldToExport(asked.run, old));
    process.stderr.write(`Not all is there: what ${listed(old)} delivered is too old, and no longer kept.\n`);
  }
  if (asked.format === 'csv' && found.length > 1) {
    const kinds = listed(found.map(({ kind }) => kind.kind));
    throw new Refused(
      `Run ${asked.run} delivered ${kinds}: choose one with --holds, or take them all with --format jsonl.`,
    );
  }
  const [only] = found;
  if (asked.format === 'csv' && only !== undefined) await write(csvLine(only.kind.columns));
  for (const { kind, rows, first } of found) {
    await write(lines(kind, first, asked.format));
    for await (const batch of rows) await write(lines(kind, batch, asked.format));
  }
}

function lines({ kind, columns }: RecordKind, batch: readonly ExportValue[][], format: Asked['format']): string {
  if (format === 'csv') return batch.map(csvLine).join('');
  const object = (cells: ExportValue[]) => Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? null]));
  return batch.map((cells) => `${JSON.stringify({ kind, ...object(cells) })}\n`).join('');
}

/** Waits for whoever reads us. */
async function write(text: string): Promise<void> {
  const { stdout } = process;
  if (!stdout.destroyed && !stdout.write(text)) {
    const waiting = new AbortController();
    const until = (event: string) => once(stdout, event, { signal: waiting.signal });
    await Promise.race([until('drain'), until('close')]).catch(() => {});
    waiting.abort();
  }
  if (stdout.destroyed) throw new NobodyReads();
}

async function command(): Promise<void> {
  const asked = readArguments();
  const env = readEnvironment(process.env);
  const dataDir = env['DATA_DIR'] || '.data';
  const located = await locateDatabase({ databaseUrl: env['DATABASE_URL'], dataDir, log: stderrLog });
  try {
    await migrate(located.url, { log: stderrLog });
    const limits = { queryTimeoutMs: LONGEST_MS, transactionTimeoutMs: LONGEST_MS };
    await using database = openDatabase(located.url, { ...limits, max: 1, applicationName: 'rescrape export' });
    await database.db.transaction((tx) => writeAll(tx, asked));
  } finally {
    await located.release();
  }
}

process.stdout.on('error', () => process.stdout.destroy());
try {
  await command();
} catch (error) {
  if (!(error instanceof NobodyReads)) {
    process.stderr.write(`${sentenceOf(error)}\n`);
    process.exitCode = 1;
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof Refused) return error.message;
  if (error instanceof ConfigError) return `Nothing was exported: ${error.faults.join('; ')}.`;
  const database = describeDatabaseError(error);
  if (database === null) return `The export broke off: ${error instanceof Error ? error.name : 'unknown'}.`;
  return `The export broke off: the database did not do its part (${database}). See that it is up and that DATABASE_URL leads to it.`;
}
