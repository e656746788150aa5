/** Who we are in Slack. A wrong or revoked bot token is a state that heals, not an end. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { faultOf, retryAfter, tokenFault, type Fault } from './faults.ts';
import type { SlackLog, SlackTiming } from './options.ts';

/** The bot's own ids. */
export interface Self {
  team: string;
  botUser: string;
  bot: string;
  /** Where the workspace is opened in a browser, with a slash at its end; null when Slack does not say. */
  url: string | null;
}

/** Knows who we are, once Slack has said so. */
export interface Identity {
  self(): Self | null;
  /** What is wrong with the token or the way to Slack; null when nothing is, or nothing is known yet. */
  fault(): Fault | null;
  /** Tells how a call with the bot token went: a refused token is asked about until it is taken again. */
  note(error: unknown): void;
  stop(): Promise<void>;
}

/** Asks until Slack tells, and again whenever the token was refused. Never throws. */
export function learnIdentity(client: WebClient, timing: SlackTiming, log: SlackLog): Identity {
  const stopped = new AbortController();
  let self: Self | null = null;
  let fault: Fault | null = null;
  let asking: Promise<void> = ask();

  async function ask(): Promise<void> {
    for (let failures = 1; !stopped.signal.aborted; failures += 1) {
      try {
        const told = await client.auth.test();
        if (told.team_id === undefined || told.user_id === undefined) throw new Error('no ids');
        self = { team: told.team_id, botUser: told.user_id, bot: told.bot_id ?? '', url: told.url ?? null };
        fault = null;
        return;
      } catch (error) {
        const before = fault?.why;
        fault = faultOf(error, 'SLACK_BOT_TOKEN');
        if (fault.why !== before) log.warn({ why: fault.why }, 'Slack does not say who we are; it is asked again');
        const longest = Math.min(timing.longestRetryMs, timing.retryMs * 2 ** Math.min(failures, 20));
        const wait = Math.max(retryAfter(error), Math.random() * longest);
        await sleep(wait, undefined, { signal: stopped.signal }).catch(() => {});
      }
    }
  }

  return {
    self: () => self,
    fault: () => fault,
    note(error) {
      const why = tokenFault(error, 'SLACK_BOT_TOKEN');
      if (why === null || fault !== null) return;
      log.warn({ why }, 'Slack refused the bot token');
      fault = { why, needsPerson: true };
      asking = asking.then(ask);
    },
    async stop() {
      stopped.abort();
      await asking;
    },
  };
}
