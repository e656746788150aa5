/** What `npm run doctor` asks Slack. Nothing is posted, and no connection is opened: one more would take presses away. */
import { bad, good, note, type Finding } from '#bot/chat/checkup.ts';
import { oneLine } from '#bot/chat/escape.ts';
import { WebClient, type AuthTestResponse } from '@slack/web-api';
import { callOptions } from './client.ts';
import { faultOf, slackCode } from './faults.ts';
import { checkDoor } from './http-check.ts';
import { libraryLog } from './library-log.ts';
import { scopes } from './manifest.ts';
import { usualTiming, type SlackHttp } from './options.ts';

/** What is checked. */
export interface SlackCheckup {
  botToken: string;
  appToken: string | null;
  http: SlackHttp | null;
  /** Ids of the channels runs are told in: that of SLACK_CHANNEL first, then those of routes. */
  channels: readonly string[];
  apiUrl: string | null;
  /** Ids of the user groups that rights are given to. */
  groups: readonly string[];
}

type Variable = 'SLACK_BOT_TOKEN' | 'SLACK_APP_TOKEN';

/** Longest name of a workspace, a channel or a bot that is printed. */
const NAME_LIMIT = 60;

/** Checks tokens, rights, the channel, and the way requests come in. Never throws. */
export async function* checkSlack(parts: SlackCheckup): AsyncGenerator<Finding> {
  const quiet = libraryLog({ info() {}, warn() {}, error() {} }, []);
  const options = callOptions(parts.apiUrl, usualTiming.callMs, quiet);
  const client = new WebClient(parts.botToken, options);
  let self: AuthTestResponse | null = null;
  try {
    self = await client.auth.test();
    const team = `${named(self.team)} (${self.team_id ?? '?'})`;
    yield good(`SLACK_BOT_TOKEN is good: @${named(self.user)} in the workspace ${team}`);
  } catch (error) {
    yield refusal(error, 'SLACK_BOT_TOKEN');
  }
  if (self !== null) yield* checkScopes(self);
  const app = self === null ? null : await appOf(client, self);
  if (parts.appToken !== null) yield* checkAppToken(parts.appToken, app, options);
  if (parts.http !== null) yield await checkDoor(parts.http);
  if (self === null) return;
  for (const [index, channel] of parts.channels.entries()) {
    const setting = index === 0 ? 'SLACK_CHANNEL' : 'routes in rescrape.config.ts';
    yield* checkChannel(client, { channel, setting, bot: named(self.user) });
  }
  for (const group of parts.groups) yield await checkGroup(client, group);
}

function* checkScopes(self: AuthTestResponse): Generator<Finding> {
  const granted = self.response_metadata?.scopes;
  if (granted === undefined) return yield note('Slack does not say which rights the bot has');
  const missing = Object.entries(scopes).filter(([scope]) => !granted.includes(scope));
  for (const [scope, why] of missing) {
    yield bad(
      `the bot lacks the right ${scope}, which it needs to ${why}`,
      'Add it under OAuth & Permissions, Bot Token Scopes, and install the app to the workspace again.',
    );
  }
  const spare = granted.filter((scope) => !(scope in scopes));
  if (spare.length > 0) yield note(`the bot has rights it does not use: ${spare.map(named).join(', ')}`);
  if (missing.length === 0) yield good('the bot has every right it needs');
}

/** The id of the app the bot token belongs to; null when Slack does not say. */
async function appOf(client: WebClient, self: AuthTestResponse): Promise<string | null> {
  const told = self.bot_id === undefined ? null : await client.bots.info({ bot: self.bot_id }).catch(() => null);
  return told?.bot?.app_id ?? null;
}

async function* checkAppToken(
  appToken: string,
  app: string | null,
  options: ReturnType<typeof callOptions>,
): AsyncGenerator<Finding> {
  // The token names its app: xapp-1-A0123456789-…
  const own = /^xapp-\d+-(A[A-Z0-9]+)-/.exec(appToken)?.[1] ?? null;
  if (own !== null && app !== null && own !== app) {
    yield bad(
      `SLACK_APP_TOKEN belongs to the app ${own}, SLACK_BOT_TOKEN to ${app}`,
      `Take both from one app: https://api.slack.com/apps/${app}/general`,
    );
  }
  try {
    const client = new WebClient(appToken, options);
    await client.apps.connections.open({});
    yield good('SLACK_APP_TOKEN is good: it opens connections');
  } catch (error) {
    yield refusal(error, 'SLACK_APP_TOKEN');
  }
}

async function* checkChannel(
  client: WebClient,
  { channel, setting, bot }: { channel: string; setting: string; bot: string },
): AsyncGenerator<Finding> {
  const invite = `Type /invite @${bot} in the channel, or correct ${setting}.`;
  let name = channel;
  try {
    const { channel: told } = await client.conversations.info({ channel });
    name = told?.name === undefined ? channel : `#${named(told.name)} (${channel})`;
    if (told?.is_archived === true) {
      return yield bad(`${name} is archived`, `Bring the channel back, or name another one in ${setting}.`);
    }
    if (told?.is_member !== true) return yield bad(`the bot is not in ${name}`, invite);
    yield good(`the bot is in ${name} and may post there`);
    if (told.is_ext_shared === true) {
      yield note(`${name} is shared with another workspace: people from there can look on, and do nothing`);
    }
  } catch (error) {
    const code = slackCode(error);
    if (code === 'channel_not_found') {
      return yield bad(`there is no channel ${channel}, or it is private and the bot is not in it`, invite);
    }
    if (code !== 'missing_scope') return yield refusal(error, 'SLACK_BOT_TOKEN');
    yield note(`without that right nothing can be said about ${channel}`);
  }
  try {
    await client.conversations.history({ channel, limit: 1 });
    yield good(`the bot can read ${name} back, to find a post it is unsure of`);
  } catch (error) {
    if (slackCode(error) === 'missing_scope') return;
    yield bad(`the bot cannot read ${name} back (${slackCode(error) ?? 'no answer'})`, invite);
  }
}

async function checkGroup(client: WebClient, usergroup: string): Promise<Finding> {
  try {
    const { users = [] } = await client.usergroups.users.list({ usergroup });
    const count = users.length === 1 ? '1 member' : `${users.length} members`;
    return users.length === 0
      ? note(`the user group ${usergroup} of access in rescrape.config.ts is empty`)
      : good(`the user group ${usergroup} of access in rescrape.config.ts has ${count}`);
  } catch (error) {
    const code = slackCode(error) ?? 'no answer';
    const remedy =
      code === 'plan_upgrade_required'
        ? 'Your Slack plan has no user groups: name people or channels in access instead.'
        : 'Correct its id in access; Slack shows it in the address of the group (S…).';
    return bad(`the user group ${usergroup} cannot be looked up (${code})`, remedy);
  }
}

function refusal(error: unknown, variable: Variable): Finding {
  const { why, needsPerson } = faultOf(error, variable);
  if (needsPerson) return bad(`${variable} is refused (${slackCode(error) ?? 'no code'})`, why);
  return bad(`${variable} could not be checked: ${why}`, 'See that this machine reaches slack.com, then try again.');
}

function named(text: string | undefined): string {
  return oneLine(text ?? '?', NAME_LIMIT);
}
