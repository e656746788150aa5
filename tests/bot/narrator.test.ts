import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '#bot/log.ts';
import { startNarrator, type Narrator } from '#bot/narrator.ts';
import type { Surface } from '#bot/chat/surface.ts';
import type { Lock } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { aTelling } from '../helpers/facts.ts';
import { aFailure, anIntent, aResult, openHouse } from '../helpers/house.ts';
import { recordingSurface } from '../helpers/recording-surface.ts';

const { url, database } = await testDatabase({ checkEveryMs: 200 });
const house = await openHouse(url);
const { db, runs } = house;
let narrators: Narrator[] = [];

afterAll(() => house[Symbol.asyncDispose]());
afterEach(async () => {
  await Promise.all(narrators.map((narrator) => narrator.stop()));
  narrators = [];
});
beforeEach(async () => {
  await emptyHouse(db);
});

function narrate(surfaces: Surface[], onRole: (speaking: boolean) => void = () => {}): Narrator {
  const narrator = startNarrator({
    database,
    surfaces,
    telling: (now) => aTelling({ now }),
    revisitMs: 600_000,
    onChain: () => {},
    onRole,
    log: createLog('silent', 'test'),
  });
  narrators = [...narrators, narrator];
  return narrator;
}

const blocked = { bet9ja: aResult('failed', aFailure('bet9ja', 'blocked')) };

async function aBrokenRun(): Promise<void> {
  await runs.start(anIntent(), ['sportybet', 'bet9ja']);
  await house.workAll(blocked);
}

describe('the narrator', () => {
  it('tells a run on one card that is edited, with its replies under it', async () => {
    const surface = recordingSurface('console');
    narrate([surface]);
    await runs.start(anIntent(), ['sportybet', 'bet9ja']);
    await expect.poll(() => surface.delivered.map((one) => one.titles)).toEqual([['Run 1 is about to start']]);
    await house.workAll(blocked);
    await expect.poll(() => surface.delivered.length).toBe(3);
    await expect.poll(() => surface.delivered[0]?.message.title).toBe('Run 1 is partly done: 1/2 platforms complete');
    expect(surface.delivered.map((one) => one.name)).toEqual(['1/card', '1/job:sportybet', '1/job:bet9ja']);
    expect(surface.delivered.map((one) => one.thread)).toEqual([null, { index: 0 }, { index: 0 }]);
  });

  it('tells what happened while nobody was there', async () => {
    await aBrokenRun();
    const surface = recordingSurface('console');
    narrate([surface]);
    await expect
      .poll(() => surface.delivered.map((one) => one.name))
      .toEqual(['1/card', '1/job:sportybet', '1/job:bet9ja']);
  });

  it('says nothing twice when it starts again', async () => {
    await aBrokenRun();
    const surface = recordingSurface('console');
    await narrate([surface]).catchUp();
    await expect.poll(() => surface.delivered.length).toBe(3);
    await narrators[0]?.stop();
    const again = narrate([surface]);
    await expect.poll(async () => again.catchUp().then(() => surface.delivered.length)).toBe(3);
    expect(surface.delivered.map((one) => one.titles.length)).toEqual([1, 1, 1]);
  });

  it('does not post again what was delivered although the answer was lost', async () => {
    const surface = recordingSurface('console');
    let lost = 0;
    surface.after = (name) => {
      if (name.slot === 'job:bet9ja' && lost++ === 0) throw new Error('the connection was cut');
    };
    narrate([surface]);
    await aBrokenRun();
    await expect.poll(async () => (await db.execute(sql`select 1 from posts where state = 'posted'`)).length).toBe(3);
    expect(lost).toBe(1);
    expect(surface.delivered.filter((one) => one.name === '1/job:bet9ja')).toHaveLength(1);
  });

  it('goes on telling one surface while another refuses everything, and catches up when it is back', async () => {
    const [well, ill] = [recordingSurface('console'), recordingSurface('slack')];
    let down = true;
    ill.before = () => {
      if (down) throw new Error('not today');
    };
    narrate([well, ill]);
    await aBrokenRun();
    await expect.poll(() => well.delivered.length).toBe(3);
    expect(ill.delivered).toEqual([]);
    down = false;
    await expect.poll(() => ill.delivered.length).toBe(3);
    expect(well.delivered).toHaveLength(3);
  });

  it('speaks in one process at a time, and the next takes over when it is gone', async () => {
    const [first, second] = [recordingSurface('console'), recordingSurface('console')];
    const roles: boolean[] = [];
    const speaker = narrate([first]);
    await runs.start(anIntent(), ['sportybet']);
    await expect.poll(() => first.delivered.length).toBe(1);
    narrate([second], (speaking) => roles.push(speaking));
    await expect.poll(() => roles).toEqual([false]);
    await house.workAll();
    await expect.poll(() => first.delivered.length).toBe(2);
    expect(second.delivered).toEqual([]);
    await speaker.stop();
    await expect.poll(() => roles).toEqual([false, true]);
    await runs.start(anIntent(), ['bet9ja']);
    await expect.poll(() => second.delivered.map((one) => one.name)).toEqual(['2/card']);
  });
});

describe('a narrator that was not heard of while it looked for a post', () => {
  it('says nothing more: another process speaks by now', async () => {
    await aBrokenRun();
    await db.execute(sql`insert into posts (surface, channel, run_id, slot, state, announced, tries)
                         values ('console', 'home of console', 1, 'card', 'sending', false, 1)`);
    const surface = recordingSurface('console');
    const looked = Promise.withResolvers<void>();
    const taken: Lock[] = [];
    surface.find = async () => {
      // A later term, and one that is over: the narrator cannot renew its own before the other process is there.
      await db.execute(sql`
        update locks set term = term + 1, expires_at = now() - interval '1 second' where name = 'speaker'`);
      async function speaksElsewhere(): Promise<boolean> {
        const other = await database.tryLock('speaker', 'another process');
        if (!('by' in other)) taken.push(other);
        return taken.length > 0;
      }
      await expect.poll(speaksElsewhere).toBe(true);
      const sessions = sql`select 1 from pg_locks join pg_database d on d.oid = database
                           where locktype = 'advisory' and datname = current_database()`;
      await expect.poll(() => db.execute(sessions)).toHaveLength(1);
      looked.resolve();
      return null;
    };
    const narrator = narrate([surface]);
    await looked.promise;
    await narrator.stop();
    expect(surface.delivered).toEqual([]);
    await taken[0]?.release();
  });
});

describe('a narrator that was away', () => {
  /** Moves everything that has happened so far into the past, as if the bot had been away since. */
  async function hoursPass(hours: number): Promise<void> {
    const ago = sql.raw(`interval '${hours} hours'`);
    await db.transaction(async (tx) => {
      await tx.execute(sql`set local session_replication_role = replica`);
      await tx.execute(sql`update runs set created_at = created_at - ${ago}, finished_at = finished_at - ${ago}`);
      await tx.execute(sql`update jobs set started_at = started_at - ${ago}, finished_at = finished_at - ${ago}`);
      await tx.execute(sql`update posts set updated_at = updated_at - ${ago}, posted_at = posted_at - ${ago}`);
    });
  }

  it('tells how a run ended that it had begun to tell, however long ago that was', async () => {
    const surface = recordingSurface('console');
    const first = narrate([surface]);
    await runs.start(anIntent(), ['sportybet', 'bet9ja']);
    await expect.poll(() => surface.delivered.length).toBe(1);
    await first.stop();
    await house.workAll(blocked);
    await hoursPass(30);
    narrate([surface]);
    await expect.poll(() => surface.delivered.length).toBe(3);
    expect(surface.delivered[0]?.message.title).toBe('Run 1 is partly done: 1/2 platforms complete');
  });

  it('does not flood a surface that never spoke with all of history', async () => {
    await aBrokenRun();
    await hoursPass(30);
    await runs.start(anIntent(), ['betpawa']);
    const surface = recordingSurface('slack');
    narrate([surface]);
    await expect.poll(() => surface.delivered.map((one) => one.name)).toEqual(['2/card']);
  });
});
