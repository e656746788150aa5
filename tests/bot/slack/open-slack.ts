/** The Slack surface before the fake, with times short enough for tests. */
import { message, type Message } from '#bot/chat/message.ts';
import type { Answers, Reply, Request } from '#bot/chat/surface.ts';
import type { SlackOptions, SlackTiming } from '#bot/slack/options.ts';
import { createSlack, type SlackSurface } from '#bot/slack/surface.ts';
import { startFakeSlack, type FakeSlack } from '../../fakes/slack/index.ts';

/** Ordinary times, only faster. Nothing in a test depends on how much. */
const quick: Partial<SlackTiming> = {
  callMs: 3_000,
  connectMs: 3_000,
  pongMs: 900,
  retryMs: 20,
  longestRetryMs: 200,
  burst: 50,
  paceMs: 1,
  editPaceMs: 1,
  lookMs: 20,
  remedyMs: 50,
};

export interface OpenSlack extends AsyncDisposable {
  slack: FakeSlack;
  surface: SlackSurface;
  /** Everything asked so far. */
  asked: Request[];
  /** Everything logged so far, as one text. */
  logged: () => string;
}

/** Opens surface and fake; `answer` is what the bot says, a friendly word unless given. */
export async function openSlack(
  given: {
    answer?: (request: Request) => Promise<Reply>;
    timing?: Partial<SlackTiming>;
    options?: (slack: FakeSlack) => Partial<SlackOptions>;
    before?: (slack: FakeSlack) => void;
    start?: boolean;
  } = {},
): Promise<OpenSlack> {
  const slack = await startFakeSlack();
  given.before?.(slack);
  const asked: Request[] = [];
  const lines: string[] = [];
  const keep = (fields: object, text: string) => void lines.push(`${text} ${JSON.stringify(fields)}`);
  const surface = createSlack({
    botToken: slack.state.tokens.bot,
    appToken: slack.state.tokens.app,
    http: null,
    groups: [],
    channel: slack.channel,
    apiUrl: slack.apiUrl,
    installation: 'test',
    log: { info: keep, warn: keep, error: keep },
    ...given.options?.(slack),
    timing: { ...quick, ...given.timing },
  });
  const answers: Answers = {
    async answer(request) {
      asked.push(request);
      return given.answer === undefined ? said(message('good', 'heard')) : given.answer(request);
    },
    suggest: async () => [],
  };
  if (given.start !== false) await surface.start(answers);
  return {
    slack,
    surface,
    asked,
    logged: () => lines.join('\n'),
    async [Symbol.asyncDispose]() {
      await surface.stop();
      await slack[Symbol.asyncDispose]();
    },
  };
}

export function said(text: Message): Reply {
  return { kind: 'message', message: text };
}
