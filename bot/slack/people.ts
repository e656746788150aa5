/** Who asks: a person's name, and whether it is a stranger. What Slack says is kept a while, as each look-up costs time. */
import type { WebClient } from '@slack/web-api';
import { slackCode } from './faults.ts';
import type { SlackLog } from './options.ts';

/** What is known of a person. */
export interface Acquaintance {
  name: string;
  /** A bot, a guest, somebody who left or is of another workspace, or whom Slack would tell us nothing about. */
  stranger: boolean;
}

/** People kept; the longest known go first. */
const KEPT = 1_000;

/** Opens the address book. `team` is our own workspace's id, or null while it is not known. */
export function openPeople(client: WebClient, team: () => string | null, keepMs: number, log: SlackLog) {
  const known = new Map<string, { at: number; person: Acquaintance }>();

  async function ask(user: string): Promise<Acquaintance> {
    const { user: told } = await client.users.info({ user });
    const profile = told?.profile;
    const names = [profile?.display_name, profile?.real_name, told?.real_name, told?.name];
    const guest = told?.is_restricted === true || told?.is_ultra_restricted === true;
    const foreign = told?.team_id === undefined || told.team_id !== team();
    return {
      name: names.find((name) => name !== undefined && name.trim() !== '') ?? user,
      stranger: told === undefined || told.is_bot === true || told.deleted === true || guest || foreign,
    };
  }

  /** Looks somebody up. Never throws: whom Slack tells nothing about is known as before, or a stranger. */
  return async function lookUp(user: string): Promise<Acquaintance> {
    const before = known.get(user);
    if (before !== undefined && performance.now() - before.at < keepMs) return before.person;
    try {
      const person = await ask(user);
      // Until it is known which workspace is ours everybody is a stranger, and nobody stays one for that.
      if (team() === null) return person;
      known.delete(user);
      known.set(user, { at: performance.now(), person });
      const [oldest] = known.keys();
      if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
      return person;
    } catch (error) {
      log.warn({ user, code: slackCode(error) }, 'a person could not be looked up in Slack');
      return before?.person ?? { name: user, stranger: true };
    }
  };
}
