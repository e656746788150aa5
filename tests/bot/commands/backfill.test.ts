import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Asked } from '#bot/chat/surface.ts';
import { answerRequest } from '#bot/commands/index.ts';
import type { Right } from '#bot/runs/access.ts';
import { readChain } from '#db/chains.ts';
import { sql } from '#db/drizzle.ts';
import { storeRecords } from '#db/records.ts';
import { commandServices } from '../../helpers/command-services.ts';
import { testDatabase } from '../../helpers/database.ts';
import { emptyHouse } from '../../helpers/empty-house.ts';
import { anIntent, openHouse } from '../../helpers/house.ts';
import { aListing } from '../../helpers/listings.ts';

const { url } = await testDatabase();
const house = await openHouse(url);
const { db } = house;
afterAll(() => house[Symbol.asyncDispose]());

const place = { team: 'T1', channel: 'C1', groups: [], stranger: false };
const forbidden = new Set<Right>();
const services = commandServices(house, forbidden);

beforeEach(async () => {
  forbidden.clear();
  await emptyHouse(db);
  await db.execute(sql`truncate listings cascade`);
  await storeRecords(db, [
    aListing({ platform: 'bet9ja', listingId: '1' }),
    aListing({ platform: 'bet9ja', listingId: '2', imageUrls: ['https://bringatrailer.com/wp-content/uploads/3.jpg'] }),
  ]);
});

const ask = (text: string) => answered({ kind: 'words', text });
const press = (action: string) => answered({ kind: 'press', action, on: { kind: 'private' } });

async function answered(asked: Asked): Promise<string> {
  const reply = await answerRequest({ ...anIntent(), place, asked }, services);
  if (reply.kind === 'form') throw new Error('a form was answered');
  return [reply.message.title, ...reply.message.lines.map((line) => line.text)].join(' ');
}

describe('/scrape backfill', () => {
  it('starts a run of one batch, whatever its case', async () => {
    expect(await ask('backfill Bet9ja IMAGES 1')).toBe(
      'Run 1 is on its way: images of 1 event of bet9ja (2 images). 1 more event is left for another batch.',
    );
    expect((await readChain(db, 1))?.runs[0]).toMatchObject({ trigger: 'console', platforms: ['bet9ja'] });
    expect(await ask('backfill bet9ja images')).toBe(
      'Nothing was started. A backfill of bet9ja is running (run 1). Wait for it, or cancel it: /scrape cancel 1',
    );
  });

  it.each([
    ['backfill', /^What is to be backfilled, and of which platform\? For example: /],
    ['backfill bet9ja', /What is to be backfilled\? bet9ja has images and vin\./],
    ['backfill bet9ja imges', /Did you mean images\? bet9ja has images and vin\./],
    ['backfill bet9ja vin', /No page is kept of a bet9ja listing without its VIN/],
    ['backfill betpawa images', /betpawa has nothing to backfill, but bet9ja has\./],
    ['backfill nothere images', /There is no platform "nothere"/],
    ['backfill bet9ja images 0', /from 1 to 200/],
    ['backfill bet9ja images -3', /from 1 to 200/],
    ['backfill bet9ja images 201', /from 1 to 200/],
    ['backfill bet9ja images many', /from 1 to 200/],
    ['backfill bet9ja images 5 6', /from 1 to 200/],
  ])('refuses with what to do, and starts nothing: %s', async (line, said) => {
    expect(await ask(line)).toMatch(said);
    expect(await readChain(db, 1)).toBeNull();
  });

  it('goes on by the button on its card, with a batch like the one before', async () => {
    await ask('backfill bet9ja images 1');
    expect(await press('v1:backfill:1:bet9ja')).toMatch(/^Nothing was started. A backfill of bet9ja is running/);
    await house.workAll();
    expect(await press('v1:backfill:1:bet9ja')).toMatch(/^Run 2 is on its way: images of 1 event of bet9ja/);
  });

  it('has no button on what is no backfill', async () => {
    await ask('now bet9ja');
    for (const action of ['v1:backfill:1:bet9ja', 'v1:backfill:1:betpawa', 'v1:backfill:9:bet9ja']) {
      expect(await press(action)).toMatch(/^This button is no longer valid/);
    }
  });

  it('takes the right to start runs', async () => {
    forbidden.add('run');
    expect(await ask('backfill bet9ja images')).toMatch(/^You may not start backfills here/);
    expect(await press('v1:backfill:1:bet9ja')).toMatch(/^You may not start backfills here/);
    expect(await readChain(db, 1)).toBeNull();
  });
});
