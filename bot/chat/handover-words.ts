/** What is said when somebody speaks again, and of times that a schedule missed. */
import type { Handover, MissedTimes } from '#bot/runs/handover.ts';
import { message, type Line, type Message } from './message.ts';
import type { Telling } from './platform-words.ts';
import { ageWords, listed, timeOrDay } from './wording.ts';

/** Runs named one by one; more are counted. */
const NAMED = 10;

/** What happened while nobody spoke; null when there is nothing to tell. */
export function handoverNotice(facts: Handover, away: { from: Date; to: Date }, telling: Telling): Message | null {
  const { goOn, closed, rescraped, missed } = facts;
  const lines = [
    ...runsLine('good', goOn, 'goes on', 'go on'),
    ...runsLine('warning', closed, 'was too old to go on and is closed', 'were too old to go on and are closed'),
    ...runsLine('good', rescraped, 'is scraped again', 'are scraped again'),
    ...missed.map((times) => missedLine(times, telling)),
  ];
  if (lines.length === 0) return null;
  const [from, to] = [timeOrDay(away.from, telling), timeOrDay(away.to, telling)];
  const title = `Rescrape was away for ${ageWords(away.to.getTime() - away.from.getTime())}, from ${from} to ${to}`;
  return message(missed.length + closed.length > 0 ? 'warning' : 'quiet', title, { lines });
}

/** A schedule's times that came and went while somebody spoke: the machine or the database was too busy. */
export function missedNotice(times: MissedTimes, telling: Telling): Message {
  const line = missedLine(times, telling);
  return message('warning', `A scheduled run was not started in time`, {
    lines: [line, { tone: 'quiet', name: '', text: 'The bot or its database did not get to it; the log says more.' }],
  });
}

function runsLine(tone: Line['tone'], runs: readonly number[], one: string, many: string): Line[] {
  if (runs.length === 0) return [];
  const [only] = runs;
  if (runs.length === 1) return [{ tone, name: '', text: `Run ${only} ${one}` }];
  const named = runs.slice(0, NAMED).map(String);
  const more = runs.length > NAMED ? [`${runs.length - NAMED} more`] : [];
  return [{ tone, name: '', text: `${runs.length} runs ${many}: ${listed([...named, ...more])}` }];
}

/** `nightly was missed at 03:00`; `hourly was missed 3 times, from 01:00 to 03:00; run 45 caught up`. */
function missedLine({ schedule, count, first, last, caughtUp }: MissedTimes, telling: Telling): Line {
  const [from, to] = [timeOrDay(first, telling), timeOrDay(last, telling)];
  const when = count === 1 ? `at ${from}` : `${count} times, from ${from} to ${to}`;
  const so = caughtUp === null ? '' : `; run ${caughtUp} catches up`;
  return { tone: 'warning', name: '', text: `${schedule} was missed ${when}${so}` };
}
