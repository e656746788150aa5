/** Who may do what, where. Closed by default: what no rule allows is refused. */

/** What can be allowed: looking, redoing what broke, starting runs, and everything that touches other people's work. */
export type Right = 'view' | 'retry' | 'run' | 'admin';

/** Whom a rule allows: `user:U1`, `group:S1` (a Slack user group or a Discord role), `channel:C1` (whoever asks there). */
export type Allowed = string;

/** One surface's rules. A right without a rule of its own belongs to whoever asks where runs are told; `admin` to nobody. */
export interface SurfaceAccess {
  /** The workspace or guild requests are taken from; null takes the one the surface belongs to, unchecked. */
  team: string | null;
  /** The channels runs are told in: the surface's home and those of its routes. */
  channels: readonly string[];
  rules: Partial<Record<Right, readonly Allowed[]>>;
  /** Whom a refused person is sent to, as people write it, for instance `@scrape-ops`. */
  ask: string | null;
}

/** Who asks, and where. */
export interface Asker {
  user: string;
  team: string;
  channel: string;
  groups: readonly string[];
  /** Groups whose members could not be looked up just now: no rule for one of them holds. */
  unknownGroups?: readonly string[];
  stranger: boolean;
}

/**
 * `by` is the rule that allows it; null where there are none, as at the console. `group_unknown`: a group that may could
 * not be asked whether the person is in it.
 */
export type AccessVerdict =
  | { allowed: true; by: Allowed | null }
  | { allowed: false; reason: 'stranger' | 'elsewhere' | 'not_allowed' | 'group_unknown' };

/** Decides for the person who asks now, in the place they ask in: a button seen by many is judged for its presser. */
export function decideAccess(right: Right, asker: Asker, access: SurfaceAccess): AccessVerdict {
  if (asker.stranger) return { allowed: false, reason: 'stranger' };
  if (access.team !== null && asker.team !== access.team) return { allowed: false, reason: 'elsewhere' };
  const usual = right === 'admin' ? [] : access.channels.map((channel) => `channel:${channel}`);
  const allowed = access.rules[right] ?? usual;
  const holds = [`user:${asker.user}`, `channel:${asker.channel}`, ...asker.groups.map((id) => `group:${id}`)];
  const by = allowed.find((one) => holds.includes(one));
  if (by !== undefined) return { allowed: true, by };
  const unsure = (asker.unknownGroups ?? []).some((id) => allowed.includes(`group:${id}`));
  return { allowed: false, reason: unsure ? 'group_unknown' : 'not_allowed' };
}
