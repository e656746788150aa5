import { describe, expect, it } from 'vitest';
import { DeliveryError } from '#bot/chat/surface.ts';
import { anIntent } from '../helpers/house.ts';
import { recordingSurface, type RecordingSurface } from '../helpers/recording-surface.ts';
import { toldHouse } from '../helpers/told-house.ts';

const { house, narrate } = await toldHouse();

async function threeRuns(): Promise<void> {
  for (const platform of ['sportybet', 'bet9ja', 'betpawa']) await house.runs.start(anIntent(), [platform]);
}

const cards = ['1/card', '2/card', '3/card'];
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
