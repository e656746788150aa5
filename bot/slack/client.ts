/** Slack's Web API clients. The library's own retries would double posts, and one 429 would stall every other call. */
import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { Logger } from '@slack/bolt';
import type { SlackOptions, SlackTiming } from './options.ts';

/** Two clients, so that nothing that is posted can hold up what somebody waits for. */
export interface Clients {
  /** Posts, edits, look-ups of posts. */
  posting: WebClient;
  /** Forms, private answers, people. */
  quick: WebClient;
}

/** Options every client gets: no retries, no waiting for a 429, a deadline (the library has none by default). */
export function callOptions(apiUrl: string | null, timeout: number, logger: Logger): WebClientOptions {
  return {
    ...(apiUrl === null ? {} : { slackApiUrl: apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout,
    logger,
    // The library's clients take whole addresses as method names: none of ours is one.
    allowAbsoluteUrls: false,
  };
}

/** Opens the clients; no call is made yet. */
export function openClients(options: SlackOptions, timing: SlackTiming, logger: Logger): Clients {
  return {
    posting: new WebClient(options.botToken, callOptions(options.apiUrl, timing.callMs, logger)),
    quick: new WebClient(options.botToken, callOptions(options.apiUrl, timing.quickCallMs, logger)),
  };
}
