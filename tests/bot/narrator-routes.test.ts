import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '#bot/log.ts';
import { startNarrator, type Narrator } from '#bot/narrator.ts';
import type { Route } from '#bot/runs/routes.ts';
import { DeliveryError } from '#bot/chat/surface.ts';
import { sql } from '#db/drizzle.ts';
import { testDatabase } from '../helpers/database.ts';
import { emptyHouse } from '../helpers/empty-house.ts';
import { aTelling } from '../helpers/facts.ts';
import { aFailure, anIntent, aResult, openHouse } from '../helpers/house.ts';
import { recordingSurface, type RecordingSurface } from '../helpers/recording-surface.ts';

const { url, database } = await testDatabase();
const house = await openHouse(url);
const { db, runs } = house;
let narrators: Narrator[] = [];

afterAll(() => house[Symbol.asyncDispose]());
afterEach(async () => {
  await Promise.all(narrators.map((narrator) => narrator.stop()));
  narrators = [];
});
beforeEach(() => emptyHouse(db));

function narrate(surface: RecordingSurface, routes: Route[]): Narrator {
  const narrator = startNarrator({
    database,
    surfaces: [surface],
    routes,
    telling: (now) => aTelling({ now }),
    revisitMs: 600_000,
    onChain: () => {},
    onRole: () => {},
    log: createLog('silent', 'test'),
  });
  narrators = [...narrators, narrator];
  return narrator;
}

async function aRun(ends: 'well' | 'badly'): Promise<void> {
  await runs.start(anIntent(), ['sportybet', 'bet9ja']);
  await house.workAll(ends === 'well' ? {} : { bet9ja: aResult('failed', aFailure('bet9ja', 'blocked')) });
}

function inChannel(surface: RecordingSurface, channel: string): string[] {
  return surface.delivered.filter((one) => one.channel === channel).map((one) => one.name);
}

const thread = ['1/card', '1/job:sportybet', '1/job:bet9ja'];

describe('a run with several channels', () => {
  it('has one card and one thread in each, with its replies under its own card', async () => {
    const surface = recordingSurface('slack');
    narrate(surface, [{ surface: 'slack', channel: 'ops' }]);
    await aRun('badly');
    for (const channel of [surface.home, 'ops']) {
      await expect.poll(() => inChannel(surface, channel)).toEqual(thread);
      const card = surface.delivered.findIndex((one) => one.channel === channel && one.name === '1/card');
      const replies = surface.delivered.filter((one) => one.channel === channel && one.thread !== null);
      expect(replies.map((one) => one.thread)).toEqual([{ index: card }, { index: card }]);
    }
  });

  it('is told from its end on where only bad ends are told, and followed from then on', async () => {
    const surface = recordingSurface('slack');
    narrate(surface, [{ surface: 'slack', channel: 'ops', statuses: ['partial', 'failed'] }]);
    await aRun('well');
    await aRun('badly');
    await expect.poll(() => inChannel(surface, 'ops')).toEqual(['2/card', '2/job:sportybet', '2/job:bet9ja']);
    await runs.retry(anIntent(), { run: 2, platforms: ['bet9ja'], pressed: false });
    await house.workAll();
    const cards = () => surface.delivered.filter((one) => one.name === '2/card').map((one) => one.message.title);
    const done = 'Run 2: 2/2 platforms complete after 1 retry (2 → 3)';
    await expect.poll(cards).toEqual([done, done]);
    expect(inChannel(surface, surface.home)).toContain('1/card');
  });

  it('is told in one channel although another one refuses, and there when it takes it', async () => {
    const surface = recordingSurface('slack');
    let closed = true;
    surface.before = (_kind, { channel }) => {
      if (closed && channel === surface.home) throw new DeliveryError('later', 'not here', 0, { needsPerson: true });
    };
    narrate(surface, [{ surface: 'slack', channel: 'ops' }]);
    await aRun('badly');
    await expect.poll(() => inChannel(surface, 'ops')).toEqual(thread);
    expect(inChannel(surface, surface.home)).toEqual([]);
    closed = false;
    await expect.poll(() => inChannel(surface, surface.home)).toEqual(thread);
  });
});

describe('what broke', () => {
  it('is shown to the whole channel once per run, with the first platform that broke', async () => {
    const surface = recordingSurface('slack');
    narrate(surface, []);
    await runs.start(anIntent(), ['sportybet', 'bet9ja', 'betpawa']);
    const broken = (platform: string) => aResult('failed', aFailure(platform, 'blocked'));
    await house.workAll({ sportybet: broken('sportybet'), bet9ja: broken('bet9ja') });
    await expect.poll(() => surface.delivered.length).toBe(4);
    expect(surface.delivered.filter((one) => one.announced).map((one) => one.name)).toEqual(['1/job:sportybet']);
  });

  it('is not shown again when its answer was lost', async () => {
    const surface = recordingSurface('slack');
    let lost = 0;
    surface.after = (name) => {
      if (name.slot === 'job:bet9ja' && lost++ === 0) throw new DeliveryError('later', 'the connection was cut');
    };
    narrate(surface, []);
    await aRun('badly');
    await expect.poll(async () => (await db.execute(sql`select 1 from posts where state = 'posted'`)).length).toBe(3);
    expect(surface.delivered.filter((one) => one.announced)).toHaveLength(1);
  });

  it('is shown although its first try never arrived', async () => {
    const surface = recordingSurface('slack');
    let refused = 0;
    surface.before = (_kind, name) => {
      if (name.slot === 'job:bet9ja' && refused++ === 0) throw new DeliveryError('later', 'not now');
    };
    narrate(surface, []);
    await aRun('badly');
    await expect.poll(() => surface.delivered.map((one) => one.announced)).toEqual([false, false, true]);
  });

  it('is not shown again when somebody deleted it, and it is made anew in its thread', async () => {
    const surface = recordingSurface('slack');
    const deleted = new Set<number>();
    surface.before = (kind, name) => {
      const index = surface.delivered.findLastIndex((one) => one.name === `${name.runId}/${name.slot}`);
      if (kind === 'edit' && deleted.has(index)) throw new DeliveryError('gone', 'it was deleted');
    };
    narrate(surface, []);
    await aRun('badly');
    await expect.poll(() => surface.delivered.length).toBe(3);
    deleted.add(2);
    // The button becomes “Retrying…”, so the post is edited.
    await runs.retry(anIntent(), { run: 1, platforms: ['bet9ja'], pressed: false });
    const told = () => surface.delivered.filter((one) => one.name === '1/job:bet9ja').map((one) => one.announced);
    await expect.poll(told).toEqual([true, false]);
  });
});

describe('a post that cannot stay', () => {
  it('is made anew three times, and then no more', async () => {
    const surface = recordingSurface('slack');
    surface.before = (_kind, name) => {
      if (name.slot !== 'card') throw new DeliveryError('gone', 'there is no such thread');
    };
    narrate(surface, []);
    await aRun('badly');
    const dead = () => db.execute(sql`select slot from posts where state = 'dead' order by slot`);
    await expect.poll(async () => (await dead()).map((row) => row['slot'])).toEqual(['job:bet9ja', 'job:sportybet']);
    expect(surface.delivered.map((one) => one.name)).toEqual(Array.from({ length: 4 }, () => '1/card'));
  });

  it('leaves its thread open when only its changes are refused', async () => {
    const surface = recordingSurface('slack');
    surface.before = (kind) => {
      if (kind === 'edit') throw new DeliveryError('never', 'the workspace does not allow editing');
    };
    narrate(surface, []);
    await runs.start(anIntent(), ['sportybet', 'bet9ja']);
    await expect.poll(() => surface.delivered.length).toBe(1);
    await house.workAll();
    await expect.poll(() => surface.delivered.map((one) => one.name)).toEqual(thread);
  });

  it('holds up no other run while a single message has to wait', async () => {
    const surface = recordingSurface('slack');
    surface.before = (kind, name) => {
      if (kind === 'edit' && name.runId === 1)
        throw new DeliveryError('later', 'few changes', 300_000, { onlyThis: true });
    };
    narrate(surface, []);
    await runs.start(anIntent(), ['sportybet']);
    await expect.poll(() => surface.delivered.length).toBe(1);
    await house.workAll();
    await runs.start(anIntent(), ['bet9ja']);
    await expect.poll(() => surface.delivered.map((one) => one.name)).toEqual(['1/card', '1/job:sportybet', '2/card']);
  });
});
