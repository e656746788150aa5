import { describe, expect, it } from 'vitest';
import type { Button } from '#bot/chat/message.ts';
import { sql } from '#db/drizzle.ts';
import { aFailure, anIntent, aResult } from '../helpers/house.ts';
import { recordingSurface, type RecordingSurface } from '../helpers/recording-surface.ts';
import { toldHouse } from '../helpers/told-house.ts';

const { house, db, narrate } = await toldHouse();
const { runs } = house;

const broken = {
  sportybet: aResult('failed', aFailure('sportybet', 'blocked')),
  bet9ja: aResult('failed', aFailure('bet9ja', 'blocked')),
};
const bet9ja = { run: 1, platforms: ['bet9ja'], pressed: true };

/** Run 1 broke in two of three platforms and is told, its buttons with it. */
async function aToldRun(): Promise<RecordingSurface> {
  const surface = recordingSurface('console');
  narrate([surface]);
  await runs.start(anIntent(), []);
  await house.workAll(broken);
  await expect.poll(() => retryOf(surface, '1/job:bet9ja')).toMatchObject({ disabled: false });
  await expect.poll(() => labels(surface, '1/card')).toEqual(['Retry all failed (2)', 'Choose…']);
  return surface;
}

/** As if the run had ended so long ago: no sweep looks at it any more. */
async function daysPass(days: number): Promise<void> {
  const ago = sql.raw(`interval '${days} days'`);
  await db.transaction(async (tx) => {
    await tx.execute(sql`set local session_replication_role = replica`);
    await tx.execute(sql`update runs set created_at = created_at - ${ago}, finished_at = finished_at - ${ago}`);
    await tx.execute(sql`update jobs set started_at = started_at - ${ago}, finished_at = finished_at - ${ago}`);
  });
}

function buttonsOf(surface: RecordingSurface, name: string): Button[] {
  return surface.delivered.find((one) => one.name === name)?.message.buttons ?? [];
}

function labels(surface: RecordingSurface, name: string): string[] {
  return buttonsOf(surface, name).map(({ label }) => label);
}

function retryOf(surface: RecordingSurface, name: string): Button | undefined {
  return buttonsOf(surface, name).find(({ id }) => id.startsWith('v1:retry:'));
}

describe('a button that nobody looked at for days', () => {
  it('is refused when the run is too old, and says so in its own place from then on, on every message', async () => {
    const surface = await aToldRun();
    await daysPass(8);
    expect(retryOf(surface, '1/job:bet9ja')).toMatchObject({ label: 'Retry bet9ja (1/3)', disabled: false });
    expect(await runs.retry(anIntent(), bet9ja)).toMatchObject({
      kind: 'refused',
      reasons: [{ kind: 'too_old', run: 1, days: 8 }],
    });
    for (const platform of ['sportybet', 'bet9ja']) {
      const note = { label: `Too old to retry: /scrape now ${platform} starts anew`, disabled: true };
      await expect.poll(() => retryOf(surface, `1/job:${platform}`)).toMatchObject(note);
    }
    await expect.poll(() => labels(surface, '1/card')).toEqual([]);
    expect(surface.delivered).toHaveLength(4);
  });
});

describe('a press that is refused', () => {
  it('has the post told anew when the note that should stand there was missed', async () => {
    const surface = await aToldRun();
    expect(await runs.retry(anIntent(), bet9ja)).toMatchObject({ kind: 'started', runId: 2 });
    await expect.poll(() => retryOf(surface, '1/job:bet9ja')).toMatchObject({ disabled: true });
    await house.workAll(broken);
    await expect.poll(() => retryOf(surface, '2/job:bet9ja')).toMatchObject({ label: 'Retry bet9ja (2/3)' });
    await daysPass(1);
    // What was told of the first press is lost: the message stands as before, and the database knows of it.
    const [post] = surface.delivered.filter((one) => one.name === '1/job:bet9ja');
    if (post === undefined) throw new Error('there is no such post');
    const button = { ...retryOf(surface, '1/job:bet9ja'), label: 'Retry bet9ja (1/3)', disabled: false } as Button;
    post.message = { ...post.message, buttons: [button] };
    await db.execute(sql`update posts set content_hash = 'as before' where slot = 'job:bet9ja' and run_id = 1`);
    const refused = { kind: 'refused', reasons: [{ kind: 'already_retried', platform: 'bet9ja', run: 1, by: 2 }] };
    const note = { label: 'Retried (1/3) in run 2 by Ada, from the console: failed', disabled: true };
    // Once for many presses: whoever presses again a second later is heard again.
    await expect
      .poll(async () => {
        expect(await runs.retry(anIntent(), bet9ja)).toEqual(refused);
        return retryOf(surface, '1/job:bet9ja');
      })
      .toMatchObject(note);
  });
});
