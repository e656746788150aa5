import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '#bot/config.ts';
import { createLog } from '#bot/log.ts';
import { createNoteService } from '#bot/note-service.ts';
import { openStatusPage } from '#bot/page/open-page.ts';
import { createScheduleService } from '#bot/schedule.ts';
import { insertSlots } from '#db/schedules.ts';
import { testDatabase } from '../../helpers/database.ts';
import { anIntent, openHouse } from '../../helpers/house.ts';
import { scratchFolder } from '../../status-page/scratch-folder.ts';

const { url } = await testDatabase();
const house = await openHouse(url);
const statusDir = join(await scratchFolder(), 'status');
const log = createLog('silent', 'test');
const config = loadConfig({ STATUS_DIR: statusDir }, { statusPage: { timeZone: 'UTC' } }, []);
const page = openStatusPage({ config, database: house.database, address: 'https://status.example/', log });
const stopping = new AbortController();
let hearing = Promise.resolve();

const schedules = createScheduleService({
  database: house.database,
  schedules: [
    {
      name: 'nightly',
      cron: '0 3 1 1 *',
      zone: 'UTC',
      platforms: [],
      rules: { overlap: 'skip', missed: 'once', graceMs: 120_000 },
    },
  ],
  startDue: house.runs.startDue,
  log,
});
const notes = createNoteService({ database: house.database });

beforeAll(async () => {
  await house.runs.start(anIntent(), ['bet9ja']);
  await house.workAll();
  hearing = page.hear(stopping.signal);
  await schedules.open();
  await schedules.tick();
});

afterAll(async () => {
  stopping.abort();
  await hearing;
  await page.stop();
  await house[Symbol.asyncDispose]();
});

/** Waits until the front page has these words; by itself it would be renewed in five minutes. */
async function shows(words: RegExp): Promise<void> {
  const text = async () =>
    (await readFile(join(statusDir, 'current', 'index.html'), 'utf8').catch(() => ''))
      .replace(/<[^>]*>/g, '')
      .replace(/\s+/g, ' ');
  await expect.poll(text).toMatch(words);
}

describe('the status page of a bot is renewed at once when', () => {
  it('a schedule is put to rest and woken', async () => {
    await shows(/nightly next at/);
    await schedules.rest(anIntent(), { name: 'nightly', resume: false, until: null });
    await shows(/nightly paused since/);
    await schedules.rest(anIntent(), { name: 'nightly', resume: true, until: null });
    await shows(/nightly next at/);
  });

  it('a time of a schedule is skipped', async () => {
    const slot = new Date(Date.now() - 3_600_000);
    await insertSlots(house.db, 'nightly', [{ slot, outcome: 'skipped_missed', runId: null }]);
    await shows(/nightly next at .* missed once in 24 hours/);
  });

  it('a platform is muted and unmuted', async () => {
    await house.mutes.mute(anIntent(), { platform: 'bet9ja', until: null, run: null });
    await shows(/Muted since .* until it works/);
    await house.mutes.unmute(anIntent(), { platform: 'bet9ja', run: null });
    await shows(/^(?!.*Muted)/);
  });

  it('a note is written and taken away', async () => {
    const id = await notes.write(anIntent(), {
      text: 'back by noon',
      endsAt: new Date(Date.now() + 3_600_000),
    });
    await shows(/back by noon/);
    await notes.end(anIntent(), id);
    await shows(/^(?!.*back by noon)/);
  });
});
