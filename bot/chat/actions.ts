/** What a button carries: one short line that stays valid for months and in any surface (at most 100 characters). */

/**
 * `retry` starts a retry (no platform: all that failed). `choose` opens the form that picks platforms, `accept` the one
 * that asks why a doubtful result is good; each is also its form's submission.
 */
export type Action =
  | { kind: 'retry'; run: number; platform: string | null }
  | { kind: 'choose'; run: number }
  | { kind: 'accept'; run: number; platform: string };

/** The longest id a surface accepts (Discord's custom_id). */
export const ACTION_ID_LIMIT = 100;

/** Writes an action as a button's id, for instance `v1:retry:42:bet9ja`; without a platform: all that failed. */
export function encodeAction(action: Action): string {
  const platform = action.kind === 'choose' ? null : action.platform;
  const id = ['v1', action.kind, action.run, ...(platform === null ? [] : [platform])].join(':');
  if (id.length > ACTION_ID_LIMIT)
    throw new RangeError(`a button's id may have ${ACTION_ID_LIMIT} characters: ${id.length}`);
  return id;
}

/** Reads a button's id; null for anything this version did not write. Never throws: buttons can be forged. */
export function decodeAction(id: string): Action | null {
  const choose = /^v1:choose:([1-9]\d{0,8})$/.exec(id);
  if (choose !== null) return { kind: 'choose', run: Number(choose[1]) };
  const accept = /^v1:accept:([1-9]\d{0,8}):([a-z][a-z0-9_-]{0,31})$/.exec(id);
  if (accept !== null) return { kind: 'accept', run: Number(accept[1]), platform: accept[2] ?? '' };
  const match = /^v1:retry:([1-9]\d{0,8})(?::([a-z][a-z0-9_-]{0,31}))?$/.exec(id);
  if (match === null) return null;
  return { kind: 'retry', run: Number(match[1]), platform: match[2] ?? null };
}
