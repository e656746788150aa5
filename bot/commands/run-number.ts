/** Reads the run's number off a command: null when the first word is not meant as one. */
export function readRunNumber(word: string | undefined): number | 'invalid' | null {
  if (word === undefined || !/^#?[-+]?\d/.test(word)) return null;
  const digits = /^#?([1-9]\d{0,8})$/.exec(word)?.[1];
  return digits === undefined ? 'invalid' : Number(digits);
}
