/** What a button carries: one short line that stays valid for months and in any surface (at most 100 characters). */

/**
 * `retry` starts a retry (no platform: all that failed). `choose` opens the form that picks platforms, `accept` the one
 * that asks why a doubtful result is good; each is also its form's submission. `cancel` ends a run. `backfill` starts
 * another batch like that of the run. `try` tries a platform that is left alone. `mute` and `unmute` say how a platform's failures are told; the run is the one whose post the button stands under.
 */
export type Action =
  | { kind: 'retry'; run: number; platform: string | null }
  | { kind: 'choose'; run: number }
  | { kind: 'cancel'; run: number }
  | { kind: 'accept'; run: number; platform: string }
  | { kind: 'backfill'; run: number; platform: string }
  | { kind: 'try'; run: number; platform: string }
  | { kind: 'mute'; run: number; platform: string }
  | { kind: 'unmute'; run: number; platform: string };

/** The longest id a surface accepts (Discord's custom_id). */
export const ACTION_ID_LIMIT = 100;

/** Writes an action as a button's id, for instance `v1:retry:42:bet9ja`; without a platform: all that failed. */
export function encodeAction(action: Action): string {
  const platform = 'platform' in action ? action.platform : null;
  const id = ['v1', action.kind, action.run, ...(platform === null ? [] : [platform])].join(':');
  if (id.length > ACTION_ID_LIMIT)
    throw new RangeError(`a button's id may have ${ACTION_ID_LIMIT} characters: ${id.length}`);
  return id;
}

/** Reads a button's id; null for anything this version did not write. Never throws: buttons can be forged. */
export function decodeAction(id: string): Action | null {
  const match = /^v1:([a-z]+):([1-9]\d{0,8})(?::([a-z][a-z0-9_-]{0,31}))?$/.exec(id);
  if (match === null) return null;
  const [kind, run, platform] = [match[1] ?? '', Number(match[2]), match[3] ?? null];
  switch (kind) {
    case 'retry':
      return { kind, run, platform };
    case 'choose':
    case 'cancel':
      return platform === null ? { kind, run } : null;
    case 'accept':
    case 'backfill':
    case 'try':
    case 'mute':
    case 'unmute':
      return platform === null ? null : { kind, run, platform };
    default:
      return null;
  }
}
