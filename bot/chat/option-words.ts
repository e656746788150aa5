/** What each place of a command takes, for surfaces that ask for one place at a time. */

/** By command and place where it means something of its own there, else by place. `?`: it can be left out. */
const words: Record<string, string> = {
  run: 'the number of the run',
  'run?': 'the number of the run; the newest, if you name none',
  platform: 'the platform',
  'platforms?': 'one or several, with blanks between; all, if you name none',
  'n?': 'how many',
  'until?': 'until when: 18:00, 2h, 3d, tomorrow 9:00 or 2026-12-24',
  'history run?': 'the number of a run, to see it with its retries and its first errors',
  'history n?': 'how many of the newest, if you name no run',
  'accept why': 'why this is right as it is',
  'backfill what': 'images, or the field that is missing',
  'backfill n?': 'how many listings',
  'stats what?': 'how far back; 7 days, if you say nothing',
  'schedule what?': 'let one rest, or wake it',
  'schedule name?': 'which schedule',
  'note text?': 'what it should say; “end 3” takes note 3 away, nothing lists them',
  'note until?': 'until 14:00, or for 2h; a day, if you say nothing',
};

/** Words for one place, or the command's usage where there are none. */
export function optionWords(
  { name, usage }: { name: string; usage: string },
  { name: place, required }: { name: string; required: boolean },
): string {
  const key = required ? place : `${place}?`;
  return words[`${name} ${key}`] ?? words[key] ?? usage;
}
