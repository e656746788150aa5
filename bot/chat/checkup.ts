/** What `npm run doctor` found, one thing at a time. */

/** `good`: as it should be; `note`: works, but somebody should know; `bad`: does not work until somebody does something. */
export interface Finding {
  state: 'good' | 'note' | 'bad';
  /** What is so, in one sentence without a full stop. */
  what: string;
  /** What to do about it; null when nothing has to be done. */
  remedy: string | null;
}

/** Something that is as it should be. */
export function good(what: string): Finding {
  return { state: 'good', what, remedy: null };
}

/** Something somebody should know. */
export function note(what: string, remedy: string | null = null): Finding {
  return { state: 'note', what, remedy };
}

/** Something that does not work, and what to do. */
export function bad(what: string, remedy: string): Finding {
  return { state: 'bad', what, remedy };
}

const signs: Record<Finding['state'], string> = { good: '✓', note: '!', bad: '✗' };

/** A finding as it is printed: a line, and what to do under it. */
export function findingText({ state, what, remedy }: Finding): string {
  return `  ${signs[state]} ${what}${remedy === null ? '' : `\n      ${remedy}`}\n`;
}
