/** Which user groups somebody is in, for the rules that name one. Members are kept a while: each look-up costs time. */
import type { WebClient } from '@slack/web-api';
import { missingScope, retryAfter, slackCode } from './faults.ts';
import type { SlackLog, SlackTiming } from './options.ts';

/** A person's groups, as far as rules name them. */
export interface Membership {
  groups: string[];
  /** Groups Slack did not tell about. */
  unknownGroups: string[];
}

/** There is no such group, or the workspace's plan has none: nobody is in it, and that is an answer. */
const goneFaults = new Set(['no_such_subteam', 'plan_upgrade_required']);

interface Known {
  at: number;
  members: ReadonlySet<string>;
}

/** Opens the look-up of these groups. What it answers never throws; while Slack does not tell, what was known counts. */
export function openGroups(client: WebClient, ids: readonly string[], timing: SlackTiming, log: SlackLog) {
  const groups = ids.map((id) => ({ id, membersOf: openGroup(client, id, timing, log) }));
  return async function groupsOf(user: string): Promise<Membership> {
    const asked = await Promise.all(groups.map(async ({ id, membersOf }) => ({ id, members: await membersOf() })));
    return {
      groups: asked.filter(({ members }) => members?.has(user) === true).map(({ id }) => id),
      unknownGroups: asked.filter(({ members }) => members === null).map(({ id }) => id),
    };
  };
}

/** One group's members; null when they are not known. People who ask at the same moment share one look-up. */
function openGroup(client: WebClient, id: string, timing: SlackTiming, log: SlackLog) {
  let known: Known | null = null;
  let asking: Promise<ReadonlySet<string> | null> | null = null;
  let notBefore = 0;

  /** The members as Slack tells them now; null when it does not. */
  async function ask(): Promise<ReadonlySet<string> | null> {
    try {
      const { users } = await client.usergroups.users.list({ usergroup: id });
      known = { at: performance.now(), members: new Set(users) };
      return known.members;
    } catch (error) {
      const code = slackCode(error);
      const gone = goneFaults.has(code ?? '');
      const why = gone ? 'Slack knows no such user group: correct access in rescrape.config.ts.' : whyNot(error);
      log.warn({ group: id, code, why }, 'the members of a user group could not be looked up in Slack');
      if (!gone) {
        notBefore = performance.now() + Math.max(timing.groupPauseMs, retryAfter(error));
        return null;
      }
      known = { at: performance.now(), members: new Set() };
      return known.members;
    }
  }

  return async function membersOf(): Promise<ReadonlySet<string> | null> {
    const isYounger = (ms: number) => known !== null && performance.now() - known.at < ms;
    if (isYounger(timing.groupMs)) return known?.members ?? null;
    if (performance.now() >= notBefore) asking ??= ask().finally(() => (asking = null));
    const told = await asking;
    return told ?? (isYounger(timing.staleGroupMs) ? (known?.members ?? null) : null);
  };
}

function whyNot(error: unknown): string {
  return slackCode(error) === 'missing_scope' ? missingScope(error) : 'Slack did not answer; it is asked again.';
}
