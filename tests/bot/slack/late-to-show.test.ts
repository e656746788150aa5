import { describe, expect, it } from 'vitest';
import { brokenRun, broken, stands } from '../../contracts/delivery.ts';
import { anIntent } from '../../helpers/house.ts';
import { toldHouse } from '../../helpers/told-house.ts';
import { slackService } from './chat-service.ts';

const { house, narrate } = await toldHouse();

async function aBrokenRun(): Promise<void> {
  await house.runs.start(anIntent(), ['sportybet', 'bet9ja']);
  await house.workAll(broken);
}

describe('a Slack that shows late what it took', () => {
  it.each([
    ['card', 0, 1],
    ['card', 0, 2],
    ['reply', 1, 1],
    ['reply', 2, 2],
  ])(
    'makes no %s twice whose answer was lost (message %i, hidden from %i look-ups)',
    async (_what, before, hiddenLooks) => {
      await using service = await slackService({ looks: 3 });
      const { slack } = service;
      slack.state.hiddenLooks = hiddenLooks;
      for (let posts = 0; posts < before; posts += 1) slack.fail('chat.postMessage', { kind: 'slow', ms: 1 });
      slack.fail('chat.postMessage', { kind: 'cut' });
      await aBrokenRun();
      const narrator = narrate([service.surface]);
      await stands(service, narrator, [brokenRun(1)]);
      const looks = slack.state.calls.filter(({ method }) => method.startsWith('conversations.'));
      expect(looks).toHaveLength(hiddenLooks + 1);
      expect(service.mistakes()).toEqual([]);
    },
  );

  it('is looked at three times before a message counts as lost, and is made then', async () => {
    await using service = await slackService({ looks: 3 });
    service.next('post', 'cut');
    await aBrokenRun();
    const narrator = narrate([service.surface]);
    await stands(service, narrator, [brokenRun(1)]);
    expect(service.slack.state.calls.filter(({ method }) => method === 'conversations.history')).toHaveLength(3);
  });
});
