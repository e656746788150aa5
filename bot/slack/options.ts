/** What the Slack surface is opened with. */

/** Where it writes what happened; a pino logger fits. */
export interface SlackLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Times a test shortens; milliseconds unless it says otherwise. */
export interface SlackTiming {
  /** What is asked is begun to be written down within this long after it was heard, or not at all. */
  commitMs: number;
  /** How long an answer may take before the person is told that it comes later: Slack waits 3 s for the acknowledgement. */
  answerMs: number;
  /** Deadline of one call to Slack's Web API. */
  callMs: number;
  /** Deadline of a call somebody waits for: looking up a person, opening a form, a private answer. */
  quickCallMs: number;
  /** A new connection that has not said hello by then is given up. */
  connectMs: number;
  /** A connection that leaves our pings unanswered this long is dead. */
  pongMs: number;
  /** First and longest pause between attempts to connect; the pause is random below a doubling limit. */
  retryMs: number;
  longestRetryMs: number;
  /** Posts, and likewise edits, that may follow one another at once; after that, one each `paceMs`. */
  burst: number;
  paceMs: number;
  /** Likewise for edits, of all channels together. */
  editPaceMs: number;
  /** Least time between two edits of a card that tell of progress only. */
  progressMs: number;
  /** How long a post of unknown fate may take to be seen, when it is looked for: looked at so often until then. */
  looks: number;
  lookMs: number;
  /** What somebody has to put right, an archived channel for instance, is looked at again after this long. */
  remedyMs: number;
  /** How long what is known of a person is used before it is looked up again. */
  personMs: number;
  /** Likewise of a user group's members, and how long they are used at most while Slack does not tell. */
  groupMs: number;
  staleGroupMs: number;
  /** Pause after a group could not be looked up: Slack takes about 20 such calls a minute. */
  groupPauseMs: number;
}

/** How the surface behaves unless told otherwise. Slack takes about one post a second in a channel, 50 edits a minute. */
export const usualTiming: SlackTiming = {
  commitMs: 1_500,
  answerMs: 2_000,
  callMs: 10_000,
  quickCallMs: 1_500,
  connectMs: 15_000,
  pongMs: 5_000,
  retryMs: 250,
  longestRetryMs: 30_000,
  burst: 5,
  paceMs: 1_100,
  editPaceMs: 1_250,
  progressMs: 3_000,
  looks: 3,
  lookMs: 1_500,
  remedyMs: 60_000,
  personMs: 300_000,
  groupMs: 300_000,
  staleGroupMs: 3_600_000,
  groupPauseMs: 10_000,
};

/** Where Slack's requests are taken over HTTP, at {@link HTTP_PATH}, and the secret they are signed with. */
export interface SlackHttp {
  /** SLACK_SIGNING_SECRET. */
  signingSecret: string;
  /** 0 takes any free port. */
  port: number;
  /** The address listened on. */
  host: string;
}

/** Where Slack posts everything: commands, presses, forms and events have one address. */
export const HTTP_PATH = '/slack/events';

/** Everything the surface is made of. Without an app token, Slack's requests come over HTTP. */
export interface SlackOptions {
  /** SLACK_BOT_TOKEN. */
  botToken: string;
  /** SLACK_APP_TOKEN; null for HTTP. */
  appToken: string | null;
  /** Null for Socket Mode. */
  http: SlackHttp | null;
  /** Id of the channel runs are told in, such as `C0123456789`. */
  channel: string;
  /** Base of the Web API, with `/api/` at its end; null for Slack itself. */
  apiUrl: string | null;
  /** Names this installation in the metadata of its posts, so that two bots in one channel leave each other's alone. */
  installation: string;
  /** Ids of the user groups that rights are given to: only their members are looked up. */
  groups: readonly string[];
  log: SlackLog;
  timing?: Partial<SlackTiming>;
}
