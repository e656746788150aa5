/** Schedules in words: when they are due, what became of their slots, and what came of pausing one. */
import type { RunFacts } from '#bot/runs/run.ts';
import type { ScheduleAnswer, ScheduleView } from '#bot/runs/schedule-requests.ts';
import { oneLine } from './escape.ts';
import { message, type Line, type Message } from './message.ts';
import type { Telling } from './platform-words.ts';
import { dayAndClock, listed, timeOrDay } from './wording.ts';

/** The answer to `/scrape schedule`. */
export function schedulesMessage(views: readonly ScheduleView[], timeZone: string): Message {
  if (views.length === 0) {
    return message('quiet', 'No schedule is set. Add one under `schedules` in rescrape.config.ts, then start again.');
  }
  const title = views.length === 1 ? 'One schedule is set' : `${views.length} schedules are set`;
  return message('quiet', title, { lines: views.map((view) => scheduleLine(view, timeZone)) });
}

/** The answer to pausing or resuming a schedule. */
export function scheduleAnswer(answer: ScheduleAnswer, timeZone: string): Message {
  switch (answer.kind) {
    case 'paused': {
      const until =
        answer.until === null
          ? `until somebody types /scrape schedule resume ${answer.name}`
          : `until ${dayAndClock(new Date(answer.until), timeZone)}`;
      return message('good', `Schedule ${answer.name} is paused ${until}.${nextWords(answer.next, timeZone)}`);
    }
    case 'resumed':
      return message('good', `Schedule ${answer.name} goes on.${nextWords(answer.next, timeZone)}`);
    case 'refused':
      return message('warning', refusal(answer));
  }
}

/** Times of its schedule that a run kept from being started, on its card. */
export function overlapLine({ trigger, overlapped }: RunFacts, telling: Telling): Line[] {
  if (overlapped === null) return [];
  const { count, first, last } = overlapped;
  const [from, to] = [timeOrDay(first, telling), timeOrDay(last, telling)];
  const when = count === 1 ? `at ${from}` : `${count} times, from ${from} to ${to}`;
  const text = `${trigger.replace('schedule:', '')} was skipped ${when}: this run was still at work`;
  return [{ tone: 'quiet', name: '', text }];
}

function refusal(answer: Extract<ScheduleAnswer, { kind: 'refused' }>): string {
  switch (answer.reason) {
    case 'unknown': {
      const meant = answer.nearest === null ? '' : ` Did you mean ${answer.nearest}?`;
      const known = answer.known.length === 0 ? 'None is set.' : `Known are ${listed(answer.known)}.`;
      return `There is no schedule "${oneLine(answer.name, 32)}".${meant} ${known}`;
    }
    case 'not_paused':
      return `Schedule ${answer.name} is not paused: it goes on as it is.`;
    case 'past':
      return `Nothing was changed: that time has passed already.`;
  }
}

function nextWords(next: string | null, timeZone: string): string {
  return next === null ? '' : ` Next run: ${dayAndClock(new Date(next), timeZone)}.`;
}

function scheduleLine(view: ScheduleView, timeZone: string): Line {
  const what = view.platforms.length === 0 ? 'all platforms' : listed(view.platforms);
  const parts = [what, `${view.cron} (${view.zone})`, dueWords(view, timeZone), ...lastWords(view, timeZone)];
  return { tone: view.pause === null ? 'good' : 'quiet', name: view.name, text: parts.join(' · ') };
}

function dueWords(view: ScheduleView, timeZone: string): string {
  const next = view.next === null ? null : dayAndClock(view.next, timeZone);
  if (view.pause === null) return next === null ? 'never due' : `next ${next}`;
  const by = `paused by ${view.pause.by.name} since ${dayAndClock(view.pause.from, timeZone)}`;
  return next === null ? by : `${by}, next ${next}`;
}

/** The newest run it started, and the newest slot that was not run, if that came after it. */
function lastWords(view: ScheduleView, timeZone: string): string[] {
  const [newest] = view.slots;
  const ran = view.slots.find((slot) => slot.runId !== null);
  const words = ran === undefined ? [] : [`last run ${ran.runId}`];
  if (newest !== undefined && newest !== ran && newest.outcome !== 'skipped_paused') {
    const why = newest.outcome === 'skipped_overlap' ? 'skipped, the one before still ran' : 'missed';
    words.push(`${dayAndClock(newest.slot, timeZone)} ${why}`);
  }
  return words;
}
