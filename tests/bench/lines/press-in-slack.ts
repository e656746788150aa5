/** From a press in Slack to its acknowledgement, over Socket Mode: the retry is decided and stored in between. */
import { startFakeSlack } from '../../fakes/slack/index.ts';
import { atRate, found, startBusyBot } from '../busy-bot.ts';
import type { Line } from '../line.ts';
import { PER_SECOND, PRESSES, PRESS_GOAL } from './press.ts';

const action = 'v1:retry:1:bet9ja';

export const pressInSlack: Line = {
  title: `Slack: press to acknowledgement, ${PER_SECOND} presses a second of one button while a run works`,
  goal: PRESS_GOAL,
  async measure() {
    await using slack = await startFakeSlack();
    await using house = await startBusyBot({
      SLACK_BOT_TOKEN: slack.state.tokens.bot,
      SLACK_APP_TOKEN: slack.state.tokens.app,
      SLACK_CHANNEL: slack.channel,
      SLACK_API_URL: slack.apiUrl,
    });
    const post = await found(() => slack.standing().find((one) => JSON.stringify(one.blocks).includes(`"${action}"`)));
    // Everybody still sees the button while the first press changes it.
    const shown = structuredClone(post.blocks);
    await house.work();
    return await atRate(PER_SECOND, PRESSES, async () => {
      const done = await slack.person.press(post.ts, action, { shown });
      return done.acked ? done.tookMs : Infinity;
    });
  },
};
