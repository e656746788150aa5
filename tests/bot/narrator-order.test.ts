import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Database } from '#db/client.ts';
import { DeliveryError } from '#bot/chat/surface.ts';
import { anIntent } from '../helpers/house.ts';
import { recordingSurface, type RecordingSurface } from '../helpers/recording-surface.ts';
import { toldHouse } from '../helpers/told-house.ts';

const { house, database, narrate } = await toldHouse();

async function threeRuns(): Promise<void> {
  for (const platform of ['sportybet', 'bet9ja', 'betpawa']) await house.runs.start(anIntent(), [platform]);
}

const cards = ['1/card', '2/card', '3/card'];
/** The real database, whose next answers, one unless told otherwise, take their time when it is told to dawdle. */
function dawdling(real: Database): { database: Database; dawdle: (answers?: number) => void } {
  let slow = 0;
  const db = new Proxy(real.db, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (key !== 'execute' || typeof value !== 'function') return value;
      return async (...given: unknown[]): Promise<unknown> => {
        const late = slow > 0;
        slow -= late ? 1 : 0;
        if (late) await sleep(300);
        return Reflect.apply(value, target, given) as unknown;
      };
    },
  });
  return { database: { ...real, db }, dawdle: (answers = 1) => (slow = answers) };
}

const delivered = (surface: RecordingSurface) => surface.delivered.map((one) => one.name);

describe('the cards of several runs', () => {
  it('stand in the order of the runs, although the first one was refused once', async () => {
    const surface = recordingSurface('slack');
    let refused = 0;
    surface.before = () => {
      if (refused++ === 0) throw new DeliveryError('later', 'Slack does not answer.');
    };
    await threeRuns();
    narrate([surface]);
    await expect.poll(() => delivered(surface)).toEqual(cards);
    expect(refused).toBe(4);
  });

  it('stand in the order of the runs, although the first one took longer to look at', async () => {
    const surface = recordingSurface('slack');
    const slow = dawdling(database);
    const narrator = narrate([surface], { database: slow.database });
    await threeRuns();
    await expect.poll(() => delivered(surface)).toEqual(cards);
    await narrator.catchUp();
    slow.dawdle();
    await threeRuns();
    await expect.poll(() => delivered(surface)).toEqual([...cards, '4/card', '5/card', '6/card']);
  });

  it('stand in that order too when only a sweep finds the first one, while the second one is announced', async () => {
    const surface = recordingSurface('slack');
    const slow = dawdling(database);
    let deaf = false;
    let missed = 0;
    const listen: Database['listen'] = (channel, hear, again) =>
      database.listen(channel, (payload) => (deaf ? void missed++ : hear(payload)), again);
    const narrator = narrate([surface], { database: { ...slow.database, listen } });
    await house.runs.start(anIntent(), ['sportybet']);
    await expect.poll(() => delivered(surface)).toEqual(['1/card']);
    await narrator.catchUp();
    deaf = true;
    await house.runs.start(anIntent(), ['bet9ja']);
    await expect.poll(() => missed).toBeGreaterThan(0);
    deaf = false;
    // A sweep asks twice, a look once: not in one line, the look would be over first.
    slow.dawdle(Infinity);
    void narrator.catchUp();
    await house.runs.start(anIntent(), ['betpawa']);
    await sleep(1_000);
    slow.dawdle(0);
    await expect.poll(() => delivered(surface)).toEqual(cards);
  });

  it('stand in that order too when the answer to the first one was lost', async () => {
    const surface = recordingSurface('slack');
    let lost = 0;
    surface.after = () => {
      if (lost++ === 0) throw new DeliveryError('later', 'the connection was cut');
    };
    await threeRuns();
    narrate([surface]);
    await expect.poll(() => delivered(surface)).toEqual(cards);
  });

  it('do not wait for one whose message alone has to wait', async () => {
    const surface = recordingSurface('slack');
    surface.before = (_kind, { runId }) => {
      if (runId === 1) throw new DeliveryError('later', 'few changes', 300_000, { onlyThis: true });
    };
    await threeRuns();
    narrate([surface]);
    await expect.poll(() => delivered(surface)).toEqual(['2/card', '3/card']);
  });
});
