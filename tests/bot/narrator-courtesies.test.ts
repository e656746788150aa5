import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryError } from '#bot/chat/surface.ts';
import { createLog } from '#bot/log.ts';
import { startNarrator, type Narrator } from '#bot/narrator.ts';
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

function narrate(surfaces: RecordingSurface[]): Narrator {
  const narrator = startNarrator({
    database,
    surfaces,
    routes: [{ surface: 'console', channel: 'ops' }],
    telling: (now) => aTelling({ now, courtesies: { mentionStarter: true, onSuccess: 'thread' } }),
    revisitMs: 600_000,
    onChain: () => {},
    onRole: () => {},
    log: createLog('silent', 'test'),
  });
  narrators = [...narrators, narrator];
  return narrator;
}

const blocked = { bet9ja: aResult('failed', aFailure('bet9ja', 'blocked')) };
const itsMute = { platform: 'bet9ja', until: null, run: null };

async function aRun(ends = {}): Promise<void> {
  await runs.start(anIntent(), ['sportybet', 'bet9ja']);
  await house.workAll(ends);
}

function pinged(...surfaces: RecordingSurface[]): string[] {
  return surfaces.flatMap((one) =>
    one.delivered.filter(({ message }) => message.mention !== null).map(({ name, channel }) => `${channel}: ${name}`),
  );
}

const told = (surface: RecordingSurface, name: string, channel = surface.home) =>
  surface.delivered.filter((one) => one.name === name && one.channel === channel);

describe('whoever started a run that ended badly', () => {
  it('is pinged once: where they asked, in the channel runs are at home in', async () => {
    const [console, slack] = [recordingSurface('console'), recordingSurface('slack')];
    narrate([console, slack]);
    await aRun(blocked);
    await expect.poll(() => told(console, '1/job:bet9ja', 'ops')).toHaveLength(1);
    await expect.poll(() => told(slack, '1/job:bet9ja')).toHaveLength(1);
    await expect.poll(() => pinged(console, slack)).toEqual(['home of console: 1/mention']);
    expect(told(slack, '1/mention')).toEqual([]);
  });

  it('is not pinged again when somebody deletes the thread and it is told anew', async () => {
    const console = recordingSurface('console');
    narrate([console]);
    await aRun(blocked);
    await expect.poll(() => told(console, '1/mention')).toHaveLength(1);
    let gone = true;
    console.before = (kind, name) => {
      if (kind !== 'edit' || name.slot !== 'card' || name.channel !== console.home || !gone) return;
      gone = false;
      throw new DeliveryError('gone', 'somebody deleted it');
    };
    await runs.retry(anIntent(), { run: 1, platforms: [], pressed: false });
    await expect.poll(() => told(console, '1/mention')).toHaveLength(2);
    expect(pinged(console)).toEqual(['home of console: 1/mention']);
  });

  it('is not pinged again by a process that takes over between sending and noting', async () => {
    const console = recordingSurface('console');
    let lost = 0;
    console.after = (name) => {
      if (name.slot === 'mention' && lost++ === 0) throw new Error('the connection was cut');
    };
    narrate([console]);
    await aRun(blocked);
    await expect
      .poll(async () => (await db.execute(sql`select 1 from posts where slot = 'mention' and state = 'posted'`)).length)
      .toBe(1);
    expect(lost).toBe(1);
    expect(pinged(console)).toEqual(['home of console: 1/mention']);
  });
});

describe('a platform that is muted', () => {
  it('breaks quietly: its post stands, and nobody is pinged or shown it', async () => {
    const console = recordingSurface('console');
    narrate([console]);
    await house.mutes.mute(anIntent(), itsMute);
    await aRun(blocked);
    await expect.poll(() => told(console, '1/job:bet9ja')).toHaveLength(1);
    await expect.poll(() => told(console, '1/card')[0]?.message.tone).toBe('quiet');
    expect(told(console, '1/job:bet9ja')[0]).toMatchObject({ announced: false, message: { tone: 'quiet' } });
    expect(pinged(console)).toEqual([]);
  });

  it('does not silence what breaks beside it', async () => {
    const console = recordingSurface('console');
    narrate([console]);
    await house.mutes.mute(anIntent(), itsMute);
    await aRun({ ...blocked, sportybet: aResult('failed', aFailure('sportybet', 'blocked')) });
    await expect.poll(() => pinged(console)).toEqual(['home of console: 1/mention']);
    expect(told(console, '1/mention')[0]?.message.title).toBe('Your run 1 failed: sportybet is not complete');
    expect(told(console, '1/job:sportybet')[0]?.announced).toBe(true);
  });

  it('changes its button everywhere when it is muted and unmuted, and is announced once when it works again', async () => {
    const console = recordingSurface('console');
    narrate([console]);
    await aRun(blocked);
    const button = () => told(console, '1/job:bet9ja')[0]?.message.buttons.at(-1)?.label;
    await expect.poll(button).toBe('Mute until it works');
    await house.mutes.mute(anIntent(), itsMute);
    await expect.poll(button).toBe('Unmute bet9ja');
    await aRun();
    await expect.poll(() => told(console, '2/works:bet9ja')).toHaveLength(1);
    expect(told(console, '2/works:bet9ja')[0]?.message.title).toMatch(
      /^bet9ja works again, and its mute has ended \(it was muted by Ada since .+\)$/,
    );
    await aRun();
    await expect.poll(() => told(console, '3/job:bet9ja')).toHaveLength(1);
    expect(console.delivered.filter((one) => one.name.includes('works:') && one.channel === console.home)).toHaveLength(
      1,
    );
  });
});
