/** Everything commands may use, over a test house; rights are taken away by naming them. */
import { createAcceptService } from '#bot/accept-service.ts';
import type { CommandServices } from '#bot/commands/index.ts';
import { createFileService } from '#bot/file-service.ts';
import { createLog } from '#bot/log.ts';
import { createNoteService } from '#bot/note-service.ts';
import { createScheduleService } from '#bot/schedule.ts';
import type { Right } from '#bot/runs/access.ts';
import { findRootId, latestRunId, readChain, readLatestChains } from '#db/chains.ts';
import { readNumbers } from '#db/numbers.ts';
import { aTelling } from './facts.ts';
import type { openHouse } from './house.ts';

/** A schedule that is set up in the test house. */
export const nightly = {
  name: 'nightly',
  cron: '0 3 * * *',
  zone: 'UTC',
  platforms: [],
  rules: { overlap: 'skip', missed: 'once', graceMs: 120_000 },
} as const;
export function commandServices(
  house: Awaited<ReturnType<typeof openHouse>>,
  forbidden: ReadonlySet<Right>,
): CommandServices {
  const { db } = house;
  const known = ['sportybet', 'bet9ja', 'betpawa'];
  const files = createFileService({ database: house.database, known });
  return {
    missing: files.missing,
    exportRun: files.exportRun,
    notes: createNoteService({ database: house.database }),
    start: house.runs.start,
    backfill: house.backfill,
    schedules: createScheduleService({
      database: house.database,
      schedules: [nightly],
      startDue: house.runs.startDue,
      log: createLog('silent', 'test'),
    }),
    retry: house.runs.retry,
    tryNow: house.runs.tryNow,
    accept: createAcceptService({ database: house.database, known }),
    cancel: house.cancel,
    mute: house.mutes.mute,
    unmute: house.mutes.unmute,
    async chainOf(run) {
      const id = run ?? (await latestRunId(db));
      const root = id === null ? null : await findRootId(db, id);
      return root === null ? null : readChain(db, root);
    },
    latest: (limit) => readLatestChains(db, limit),
    numbers: (span) => readNumbers(db, span),
    telling: () => aTelling({ now: new Date() }),
    may: (right) =>
      forbidden.has(right) ? { allowed: false, reason: 'not_allowed' } : { allowed: true, by: 'channel:C1' },
    deny: house.runs.deny,
    cardUrl: async () => null,
    tellsOf: async (_surface, ref, run) => ref['run'] === run,
    askWhom: () => '@scrape-ops',
  };
}
