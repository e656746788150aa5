/** From a press in Slack to its acknowledgement, over Socket Mode: the retry is decided and stored in between. */
import { startFakeSlack } from '../../fakes/slack/index.ts';
import { found } from '../busy-bot.ts';
import { pressLine } from './press.ts';

const action = 'v1:retry:1:bet9ja';

export const pressInSlack = pressLine('Slack', async () => {
  const slack = await startFakeSlack();
  return {
    env: {
      SLACK_BOT_TOKEN: slack.state.tokens.bot,
      SLACK_APP_TOKEN: slack.state.tokens.app,
      SLACK_CHANNEL: slack.channel,
      SLACK_API_URL: slack.apiUrl,
    },
    async findButton() {
      const post = await found(() =>
        slack.standing().find((one) => JSON.stringify(one.blocks).includes(`"${action}"`)),
      );
      // Everybody still sees the button while the first press changes it.
      const shown = structuredClone(post.blocks);
      return async () => {
        const done = await slack.person.press(post.ts, action, { shown });
        return done.acked ? done.tookMs : Infinity;
      };
    },
    [Symbol.asyncDispose]: () => slack[Symbol.asyncDispose](),
  };
});
