/** What Slack's refusals mean: for the teller as a kind of delivery error, for people as a sentence that names the remedy. */
import { DeliveryError } from '#bot/chat/surface.ts';
import { waitAskedFor } from '#bot/chat/wait-asked-for.ts';
import { sentence } from '#bot/chat/wording.ts';
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';

const tokenFaults = new Set([
  'not_authed',
  'invalid_auth',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'user_removed_from_team',
  'team_disabled',
  'not_allowed_token_type',
]);

const goneFaults = new Set([
  'message_not_found',
  'thread_not_found',
  'invalid_thread_ts',
  'cannot_reply_to_message',
  'cant_update_message',
]);

/** Refusals of the text itself: one shorter, plain version is worth a try. */
const textFaults = new Set([
  'msg_too_long',
  'msg_blocks_too_long',
  'no_text',
  'invalid_blocks',
  'invalid_blocks_format',
  'block_mismatch',
]);

/** Slack's own name for a refusal, such as `is_archived`; null when it was no refusal of Slack's. */
export function slackCode(error: unknown): string | null {
  if (!(error instanceof WebAPIPlatformError)) return null;
  // What is no code is a page of some proxy: none of it is shown.
  return /^[a-z0-9_]{1,60}$/.test(error.data.error) ? error.data.error : 'unreadable_answer';
}

/** True when the message was refused for its text or blocks. */
export function isTextFault(error: unknown): boolean {
  return textFaults.has(slackCode(error) ?? '');
}

/** What is wrong with a token, or null when the error says nothing about one. `variable` is where the token comes from. */
export function tokenFault(error: unknown, variable: 'SLACK_BOT_TOKEN' | 'SLACK_APP_TOKEN'): string | null {
  const code = slackCode(error);
  if (code === null) return null;
  if (tokenFaults.has(code)) {
    const [page, name] =
      variable === 'SLACK_BOT_TOKEN'
        ? ['Install App', 'Bot User OAuth Token (xoxb-…)']
        : ['Basic Information', 'App-Level Token (xapp-…)'];
    return `Slack refuses ${variable} (${code}): put in the ${name} that api.slack.com/apps shows under ${page}, and restart.`;
  }
  if (code === 'missing_scope' && variable === 'SLACK_APP_TOKEN') {
    return 'The token in SLACK_APP_TOKEN may not open connections: generate one with the scope connections:write, put it in, and restart.';
  }
  return null;
}

/** What keeps Slack from us, for people; `needsPerson`: it stays so until somebody puts something right. */
export interface Fault {
  why: string;
  needsPerson: boolean;
}

/** Why something could not be asked of Slack with the token of this variable. */
export function faultOf(error: unknown, variable: 'SLACK_BOT_TOKEN' | 'SLACK_APP_TOKEN'): Fault {
  const token = tokenFault(error, variable);
  if (token !== null) return { why: token, needsPerson: true };
  return { why: connectionFault(error), needsPerson: slackCode(error) === 'too_many_websockets' };
}

/** Why Slack cannot be reached, for people, without anything a library said. */
function connectionFault(error: unknown): string {
  const code = slackCode(error);
  if (error instanceof WebAPIRateLimitedError) return 'Slack asks to wait before connecting again.';
  if (code === 'too_many_websockets') {
    return 'Slack allows ten connections for an app and all are taken: stop bots that still run with this app.';
  }
  if (code !== null) return `Slack refuses the connection (${code}).`;
  if (error instanceof WebAPIHTTPError) return `Slack answers with HTTP status ${error.statusCode}.`;
  return 'Slack cannot be reached.';
}

/** How long to wait before the next call, milliseconds: what Slack asked for, else 0. */
export function retryAfter(error: unknown): number {
  return error instanceof WebAPIRateLimitedError ? waitAskedFor(error.retryAfter) : 0;
}

/** Where something was to be delivered, and what follows when it was not. */
export interface Destination {
  /** The channel, as a remedy names it. */
  place: string;
  /** What somebody has to put right is looked at again after this long, milliseconds. */
  remedyMs: number;
}

/** A failed call as a {@link DeliveryError}: later, gone or never, with a sentence for people. */
export function deliveryError(error: unknown, { place, remedyMs }: Destination): DeliveryError {
  if (error instanceof DeliveryError) return error;
  if (error instanceof WebAPIRateLimitedError) {
    return new DeliveryError('later', 'Slack asked to slow down.', retryAfter(error));
  }
  const token = tokenFault(error, 'SLACK_BOT_TOKEN');
  // What is wrong with a token, the surface's state says for all channels.
  if (token !== null) return new DeliveryError('later', token, remedyMs);
  const code = slackCode(error);
  if (code === null) return new DeliveryError('later', connectionFault(error));
  if (goneFaults.has(code)) return new DeliveryError('gone', `The message is no longer in Slack (${code}).`);
  const remedy = remedyFor(code, error, place);
  if (remedy !== null) return new DeliveryError('later', remedy, remedyMs, { needsPerson: true });
  if (code === 'edit_window_closed') {
    return new DeliveryError('never', 'The workspace does not allow editing messages of this age.');
  }
  if (/^(invalid_|msg_|no_|as_user|metadata_)/.test(code) || isTextFault(error)) {
    return new DeliveryError('never', `Slack does not take this message (${code}).`);
  }
  return new DeliveryError('later', `Slack refused a call (${code}).`);
}

/** What somebody has to put right before anything can be delivered there; null for any other refusal. */
function remedyFor(code: string, error: unknown, place: string): string | null {
  switch (code) {
    case 'missing_scope':
      return missingScope(error);
    case 'channel_not_found':
    case 'not_in_channel':
      return `The bot is not in ${place} (${code}): invite it there, or name another channel by its id.`;
    case 'is_archived':
      return `${sentence(place)} is archived: bring it back, or name another one.`;
    case 'no_permission':
    case 'restricted_action':
    case 'restricted_action_read_only_channel':
    case 'restricted_action_thread_only_channel':
      return `The bot may not write in ${place} (${code}): let it, or name another channel.`;
    default:
      return null;
  }
}

/** A right the app was not given, with what to do. */
export function missingScope(error: unknown): string {
  const needed: unknown = error instanceof WebAPIPlatformError ? (error.data as { needed?: unknown }).needed : null;
  const named = typeof needed === 'string' && /^[a-z:._,]{1,100}$/.test(needed);
  const scope = named ? needed : 'see bot/slack/manifest.yaml';
  return `The token in SLACK_BOT_TOKEN lacks a scope (${scope}): add it to the app and install the app again.`;
}
