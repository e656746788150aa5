import { describe, expect, it } from 'vitest';
import { testDeadEnds } from '../../contracts/dead-ends.ts';
import { broken, brokenRun, stands, threads } from '../../contracts/delivery.ts';
import { anIntent } from '../../helpers/house.ts';
import { toldHouse } from '../../helpers/told-house.ts';
import { slackService } from './chat-service.ts';

const told = await toldHouse();
const { house, narrate } = told;

testDeadEnds(told, (how) => slackService(how === 'patient' ? { remedyMs: 60_000 } : {}));

const start = () => house.runs.start(anIntent(), ['sportybet', 'bet9ja']);

describe('a channel of Slack', () => {
  it('that was archived is told what it missed when it is brought back, once and in order', async () => {
    await using service = await slackService();
    const home = service.slack.state.channels.get(service.surface.home);
    if (home === undefined) throw new Error('there is no channel');
    home.archived = true;
    const narrator = narrate([service.surface]);
    for (let run = 1; run <= 2; run += 1) await start();
    await house.workAll(broken);
    await expect.poll(() => service.calls()).toBeGreaterThan(2);
    home.archived = false;
    await stands(service, narrator, [brokenRun(1), brokenRun(2)]);
  });

  it('whose messages can no longer be changed has the end of a run told below its card, once', async () => {
    await using service = await slackService();
    const home = service.slack.state.channels.get(service.surface.home);
    if (home === undefined) throw new Error('there is no channel');
    const narrator = narrate([service.surface]);
    await start();
    await expect.poll(() => threads(service)).toHaveLength(1);
    home.editable = false;
    await house.workAll(broken);
    const [card, ...replies] = brokenRun(1);
    await stands(service, narrator, [[/Run 1 is (about to start|running)/, ...replies, card ?? /./]]);
    await start();
    await house.workAll();
    // Whether the second card is made before its run ends is chance; it ends as told either way.
    await expect.poll(() => threads(service)[1]?.join('\n')).toMatch(/Run 2 is complete/);
    expect(service.slack.state.calls.filter(({ answer }) => answer === 'edit_window_closed').length).toBeLessThan(5);
  });

  it('whose messages another app wrote has its runs told anew, in messages of our own', async () => {
    await using service = await slackService();
    const narrator = narrate([service.surface]);
    await start();
    await house.workAll(broken);
    await stands(service, narrator, [brokenRun(1)]);
    for (const one of service.slack.standing()) one.user = 'U0BEFORE';
    await house.runs.retry(anIntent(), { run: 1, platforms: ['bet9ja'], pressed: false });
    await house.workAll();
    await stands(service, narrator, [
      brokenRun(1),
      [/Run 1: 2\/2 platforms complete after 1 retry/, ...brokenRun(1).slice(1), /Run 2 retried bet9ja/],
    ]);
  });
});
