/** The Slack app as Slack wants it described: what it may, what it hears, and where its requests go. */
import type { AppsManifestCreateArguments } from '@slack/web-api';
import { COMMAND, EVENT, SHORTCUT } from './listeners.ts';
import { HTTP_PATH } from './options.ts';

type Manifest = AppsManifestCreateArguments['manifest'];
type BotScope = NonNullable<NonNullable<NonNullable<Manifest['oauth_config']>['scopes']>['bot']>[number];

/** The rights of the bot token, each with what it is for. */
export const scopes = {
  'app_mentions:read': 'hear mentions, which are how commands are typed in a thread',
  'channels:history': 'look for a post whose delivery is uncertain',
  'channels:read': 'see that the channel is there and that the bot is in it',
  'chat:write': 'post and edit',
  commands: 'hear /scrape and the shortcut',
  'files:write': 'put what is missing, or was delivered, into a thread as a file',
  'groups:history': 'look for one in a private channel',
  'groups:read': 'see the same of a private channel',
  'usergroups:read': 'see who is in a user group that access in rescrape.config.ts names',
  'users:read': "know people's names, and who is a guest",
} as const satisfies Partial<Record<BotScope, string>>;

/** A right of the bot token. */
export type Scope = keyof typeof scopes;

/**
 * What each method of the Web API that is called here needs of the bot token; in a private channel, the `groups:` right in
 * place of the `channels:` one. A call that is missing here fails a test.
 */
export const methodScopes: Readonly<Record<string, readonly Scope[]>> = {
  'apps.connections.open': [],
  'auth.test': [],
  'bots.info': ['users:read'],
  'chat.postEphemeral': ['chat:write'],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.history': ['channels:history', 'groups:history'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.replies': ['channels:history', 'groups:history'],
  'files.completeUploadExternal': ['files:write'],
  'files.getUploadURLExternal': ['files:write'],
  'usergroups.users.list': ['usergroups:read'],
  'users.info': ['users:read'],
  'views.open': [],
};

/** The manifest. `address` is where Slack reaches the bot over HTTP, for instance `https://scrape.example.com`; null for Socket Mode. */
export function slackManifest(address: string | null) {
  const url = address === null ? null : new URL(HTTP_PATH, address).href;
  return {
    display_information: {
      name: 'Rescrape',
      description: 'Scrape runs as messages, with buttons that redo just what broke',
    },
    features: {
      bot_user: { display_name: 'rescrape', always_online: true },
      shortcuts: [
        {
          name: 'Retry failed platforms',
          type: 'message',
          callback_id: SHORTCUT,
          description: 'Redoes what failed in the run this message tells of',
        },
      ],
      slash_commands: [
        {
          command: COMMAND,
          description: 'Start a scrape run, retry what failed, see how things stand',
          usage_hint: 'now [platform…] | retry [run] [platform…] | cancel <run> | mute <platform> | status | help',
          should_escape: false,
          ...(url === null ? {} : { url }),
        },
      ],
    },
    oauth_config: { scopes: { bot: Object.keys(scopes) as Scope[] } },
    settings: {
      event_subscriptions: { ...(url === null ? {} : { request_url: url }), bot_events: [EVENT] },
      interactivity: { is_enabled: true, ...(url === null ? {} : { request_url: url }) },
      org_deploy_enabled: false,
      socket_mode_enabled: url === null,
      token_rotation_enabled: false,
    },
  } satisfies Manifest;
}

/** A link that creates the app from the manifest: it asks for the workspace and for nothing else. */
export function createAppLink(address: string | null): string {
  const link = new URL('https://api.slack.com/apps?new_app=1');
  link.searchParams.set('manifest_json', JSON.stringify(slackManifest(address)));
  return link.href;
}
