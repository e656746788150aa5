/** What ran when in a run: the steps of each job, and the waits between them. */
import type { JobHistory, RunHistory, StepHistory } from '#db/history.ts';
import { span } from './words.ts';

/** One bar; `from` and `size` are shares of the whole time, 0 to 100. */
export interface Bar {
  kind: 'good' | 'bad' | 'lost' | 'open' | 'wait';
  from: number;
  size: number;
  words: string;
}

/** A platform's bars. */
export interface Lane {
  platform: string;
  bars: Bar[];
  words: string;
}

/** The whole picture; `ticks` are positions on the axis with what is written there. */
export interface Timeline {
  lanes: Lane[];
  ticks: { at: number; text: string }[];
}

/** Lays a run out in time; what is not over yet ends at `now`. Null when nothing has started. */
export function timelineOf(run: RunHistory, now: Date): Timeline | null {
  const start = Math.min(...run.jobs.flatMap((job) => job.startedAt?.getTime() ?? []));
  if (!Number.isFinite(start)) return null;
  const ends = run.jobs.map((job) => (job.finishedAt ?? now).getTime());
  const whole = Math.max(1_000, ...ends.map((end) => end - start));
  const share = (ms: number) => Math.round((10_000 * Math.min(Math.max(0, ms), whole)) / whole) / 100;
  const lanes = run.jobs.map((job) => laneOf(job, now, (moment) => share(moment.getTime() - start)));
  return { lanes, ticks: ticksOf(whole).map((ms) => ({ at: share(ms), text: span(ms) })) };
}

function laneOf(job: JobHistory, now: Date, place: (moment: Date) => number): Lane {
  const ran = job.steps.filter((step) => step.startedAt !== null);
  const bars: Bar[] = [];
  let before: StepHistory | null = null;
  for (const step of ran) {
    const startedAt = step.startedAt ?? now;
    if (before?.finishedAt != null && startedAt.getTime() - before.finishedAt.getTime() > 500) {
      bars.push(bar('wait', before.finishedAt, startedAt, place, waitWords(before, step)));
    }
    bars.push(bar(kindOf(step), startedAt, step.finishedAt ?? now, place, stepWords(step, now)));
    before = step;
  }
  if (job.nextAttemptAt !== null && before?.finishedAt != null) {
    bars.push(bar('wait', before.finishedAt, now, place, `waits for attempt ${job.attempt + 1}`));
  }
  return {
    platform: job.platform,
    bars,
    words: `${job.platform}: ${bars.map(({ words }) => words).join('; ') || 'did not run'}`,
  };
}

function bar(kind: Bar['kind'], from: Date, to: Date, place: (moment: Date) => number, words: string): Bar {
  const [start, end] = [place(from), place(to)];
  return { kind, from: start, size: Math.max(0.4, Math.round(100 * (end - start)) / 100), words };
}

function kindOf(step: StepHistory): Bar['kind'] {
  if (step.finishedAt === null) return 'open';
  if (step.status !== 'failed') return 'good';
  return step.errorKind === 'interrupted' ? 'lost' : 'bad';
}

function stepWords(step: StepHistory, now: Date): string {
  const took = span((step.finishedAt ?? now).getTime() - (step.startedAt ?? now).getTime());
  const attempt = step.attempt > 1 ? `, attempt ${step.attempt}` : '';
  const ended = {
    good: `done in ${took}`,
    bad: `broke after ${took}`,
    lost: `lost its worker after ${took}`,
    open: `running for ${took}`,
    wait: '',
  };
  return `${step.name}${attempt} ${ended[kindOf(step)]}`;
}

function waitWords(before: StepHistory, after: StepHistory): string {
  const waited = span((after.startedAt?.getTime() ?? 0) - (before.finishedAt?.getTime() ?? 0));
  return after.attempt > before.attempt ? `waited ${waited} before attempt ${after.attempt}` : `waited ${waited}`;
}

const nice = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400];

/** Four to six round times from the start on. */
function ticksOf(whole: number): number[] {
  const step = 1_000 * (nice.find((seconds) => 1_000 * seconds * 5 >= whole) ?? 172_800);
  const count = Math.floor(whole / step);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}
