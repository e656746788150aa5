/** How long a chat service that asks to be left alone is left alone. */

/** Longest wait that is believed, milliseconds. A timer takes no more than 24 days: beyond, it would fire at once. */
const LONGEST_MS = 3_600_000;

/** Reads what a service asks for, seconds, into milliseconds: no less than none, and at most an hour; what is no number is none. */
export function waitAskedFor(seconds: number): number {
  if (Number.isNaN(seconds)) return 0;
  return Math.min(Math.max(0, Math.ceil(seconds * 1000)), LONGEST_MS);
}
