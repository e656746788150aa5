/** Failures in a row, in words: how many, since when, and that they are over. */
import type { JobFacts } from '#bot/runs/run.ts';
import { message, type Line, type Message } from './message.ts';
import type { Telling } from './platform-words.ts';
import { ageWords, timeOrDay } from './wording.ts';

/** ` – 12th run in a row since 03:10`; nothing for a first failure. */
export function streakSuffix({ streak }: JobFacts, telling: Telling): string {
  if (streak === null || streak.before === 0 || streak.since === null) return '';
  return ` – ${ordinal(streak.before + 1)} run in a row since ${timeOrDay(streak.since, telling)}`;
}

/** Where it broke first: that it works again, and since which run. */
export function recoveredLine({ streak }: JobFacts, telling: Telling): Line[] {
  if (streak === null || streak.before > 0 || streak.recovered === null) return [];
  const { run, at } = streak.recovered;
  return [{ tone: 'good', name: '', text: `Works again since ${timeOrDay(at, telling)} (run ${run})` }];
}

/** Said once, in the thread of the run whose success ended the failures; null when there was nothing to end. */
export function worksAgain({ platform, status, finishedAt, streak }: JobFacts): Message | null {
  if (status !== 'completed' || finishedAt === null || streak === null || streak.since === null) return null;
  const after = ageWords(finishedAt.getTime() - streak.since.getTime());
  const runs = streak.before === 1 ? `run ${streak.firstRun} had failed` : `${streak.before} runs had failed`;
  const from = streak.before === 1 ? '' : `, the first of them ${streak.firstRun}`;
  return message('good', `${platform} works again after ${after}: ${runs}${from}`);
}

function ordinal(n: number): string {
  const teen = n % 100 >= 11 && n % 100 <= 13;
  return `${n}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`;
}
