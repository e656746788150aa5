/** Makes files for threads: what a run misses, and what it delivered. One request is one transaction, as everywhere. */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { findRootId, latestRunId, readChain } from '#db/chains.ts';
import type { Database, Db } from '#db/client.ts';
import { countMissing, firstMissing, forgottenJobs, missingColumns, missingRows, recordRows } from '#db/exports.ts';
import type { ExportValue } from '#db/exports.ts';
import { insertFile, readFile, type NewFile } from '#db/files.ts';
import { recordKinds } from '#db/record-kinds.ts';
import { announce } from '#db/runs.ts';
import { BYTE_ORDER_MARK, csvLine } from '#bot/chat/csv.ts';
import { chooseJobs } from '#bot/runs/choose-jobs.ts';
import type { ExportAnswer, Intent, LookRequest, MissingAnswer } from '#bot/runs/requests.ts';
import { isFinished, itemsKept, type JobFacts } from '#bot/runs/run.ts';
import { once, type Handled } from './once.ts';

/** Largest file, bytes: what every surface takes. */
export const FILE_BYTES = 8_000_000;
/** Missing items that are named in the answer itself; of more there is a file. */
const NAMED = 10;

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** What the service is made of. */
export interface FileServiceParts {
  database: Database;
  known: readonly string[];
  fileBytes?: number;
}

/** Makes the functions that commands ask with, and the one that surfaces fetch files with. */
export function createFileService({ database, known, fileBytes = FILE_BYTES }: FileServiceParts) {
  /** The jobs that are meant, under the run that was named; or why there are none. */
  async function look(tx: Db, { run, platforms }: LookRequest) {
    const runId = run ?? (await latestRunId(tx));
    if (runId === null) return { kind: 'refused' as const, reason: { kind: 'no_run' as const } };
    const rootId = await findRootId(tx, runId);
    const chain = rootId === null ? null : await readChain(tx, rootId);
    if (chain === null) return { kind: 'refused' as const, reason: { kind: 'unknown_run' as const, run: runId } };
    const chosen = chooseJobs({ chain, runId, platforms, known });
    return chosen.kind === 'refused' ? chosen : { ...chosen, runId, rootId: chain.rootId };
  }

  async function keep(
    tx: Db,
    file: Omit<NewFile, 'stem' | 'rows' | 'whole' | 'content'>,
    columns: readonly string[],
    batches: AsyncIterable<ExportValue[][]>,
  ): Promise<{ name: string; rows: number; whole: boolean } | null> {
    const { text, rows, whole } = await tableOf(columns, batches, fileBytes);
    if (rows === 0) return null;
    const [only, ...others] = file.platforms;
    const stem = ['run', file.runId, ...(others.length === 0 ? [only] : []), file.holds].join('-');
    const name = await insertFile(tx, { ...file, stem, rows, whole, content: await pack(text) });
    return { name, rows, whole };
  }

  return {
    /** What a run misses: named in the answer, and when that is too much, as a file in its thread. */
    missing(intent: Intent, request: LookRequest): Promise<MissingAnswer> {
      return once(database, intent, 'missing', { ...request }, async (tx): Promise<Handled<MissingAnswer>> => {
        const looked = await look(tx, request);
        if (looked.kind === 'refused') return refused(looked.reason);
        const { runId, rootId } = looked;
        const jobs = looked.jobs.filter((job) => job.status !== 'completed');
        const total = await countMissing(tx, idsOf(jobs));
        const items = await firstMissing(tx, idsOf(jobs), NAMED);
        const open = jobs.filter((job) => !job.discovered || job.itemsTotal === 0).map((job) => job.platform);
        const letGo = jobs.filter((job) => !open.includes(job.platform) && isLetGo(job)).map((job) => job.platform);
        const answer = { kind: 'missing' as const, run: runId, total, items, unlisted: open, letGo, file: null };
        if (total <= NAMED) return { answer, outcome: 'done', runId: null };
        const batches = missingRows(tx, idsOf(jobs));
        const file = { runId, holds: 'missing', platforms: platformsOf(jobs), actor: intent.actor };
        const kept = await keep(tx, file, missingColumns, batches);
        await announce(tx, rootId);
        return { answer: { ...answer, file: kept?.name ?? null }, outcome: 'done', runId: null };
      });
    },

    /** Puts what a run delivered into its thread: one file per kind of records. */
    exportRun(intent: Intent, request: LookRequest): Promise<ExportAnswer> {
      return once(database, intent, 'export', { ...request }, async (tx): Promise<Handled<ExportAnswer>> => {
        const looked = await look(tx, request);
        if (looked.kind === 'refused') return refused(looked.reason);
        const { runId, rootId, jobs } = looked;
        const made: { name: string; rows: number; whole: boolean }[] = [];
        for (const kind of recordKinds) {
          const file = { runId, holds: kind.kind, platforms: platformsOf(jobs), actor: intent.actor };
          const kept = await keep(tx, file, kind.columns, recordRows(tx, kind, idsOf(jobs)));
          if (kept !== null) made.push(kept);
        }
        if (made.length > 0) await announce(tx, rootId);
        const forgotten = await forgottenJobs(tx, idsOf(jobs));
        const letGo = platformsOf(jobs.filter((job) => forgotten.includes(job.id)));
        return { answer: { kind: 'made', run: runId, files: made, letGo }, outcome: 'done', runId: null };
      });
    },

    /** The bytes of a file; null when they are no longer kept. */
    async content(id: number): Promise<Uint8Array | null> {
      const packed = await readFile(database.db, id);
      return packed === null ? null : unpack(packed);
    },
  };
}

/** Writes rows until the file is full: what is read beyond that is one batch at most. */
async function tableOf(
  columns: readonly string[],
  batches: AsyncIterable<ExportValue[][]>,
  mostBytes: number,
): Promise<{ text: string; rows: number; whole: boolean }> {
  let text = BYTE_ORDER_MARK + csvLine(columns);
  let bytes = Buffer.byteLength(text);
  let rows = 0;
  for await (const batch of batches) {
    for (const row of batch) {
      const line = csvLine(row);
      bytes += Buffer.byteLength(line);
      if (bytes > mostBytes) return { text, rows, whole: false };
      text += line;
      rows += 1;
    }
  }
  return { text, rows, whole: true };
}

/** Something is missing, but what it is was deleted: work items have their time. */
function isLetGo(job: JobFacts): boolean {
  return isFinished(job) && itemsKept(job) < job.itemsTotal && job.discoveredAt === null;
}

function idsOf(jobs: readonly JobFacts[]): number[] {
  return jobs.map((job) => job.id);
}

function platformsOf(jobs: readonly JobFacts[]): string[] {
  return jobs.map((job) => job.platform);
}

function refused<Reason extends { kind: string }>(reason: Reason) {
  return { answer: { kind: 'refused' as const, reason }, outcome: `refused:${reason.kind}`, runId: null };
}
