import { describe, expect, it } from 'vitest';
import { scheduleAnswer, schedulesMessage } from '#bot/chat/schedule-words.ts';
import { rootCard } from '#bot/chat/cards.ts';
import type { ScheduleAnswer, ScheduleView } from '#bot/runs/schedule-requests.ts';
import { aChain, aRun, aTelling } from '../../helpers/facts.ts';

const zone = 'Africa/Lagos';
const at = (text: string) => new Date(`2026-11-27T${text}:00Z`);

const hourly: ScheduleView = {
  name: 'hourly',
  cron: '0 * * * *',
  zone: 'UTC',
  platforms: ['sportybet', 'bet9ja'],
  next: at('13:00'),
  pause: null,
  slots: [
    { slot: at('12:00'), outcome: 'skipped_overlap', runId: null },
    { slot: at('11:00'), outcome: 'run', runId: 41 },
  ],
};

describe('schedules, read aloud', () => {
  it('say what they take, when, and what became of the newest slots', () => {
    const nightly: ScheduleView = {
      name: 'nightly',
      cron: '0 3 * * *',
      zone,
      platforms: [],
      next: null,
      pause: { from: at('09:30'), until: null, by: { surface: 'slack', id: 'U1', name: 'Ada' } },
      slots: [],
    };
    const said = schedulesMessage([hourly, nightly], zone);
    expect([said.title, ...said.lines.map((line) => `${line.name}: ${line.text}`)]).toEqual([
      '2 schedules are set',
      'hourly: sportybet and bet9ja · 0 * * * * (UTC) · next 27 Nov 14:00 · last run 41 · 27 Nov 13:00 skipped, the one before still ran',
      'nightly: all platforms · 0 3 * * * (Africa/Lagos) · paused by Ada since 27 Nov 10:30',
    ]);
  });

  it('are told on the card of a run that was still at work when it was due again', () => {
    const line = (count: number) => {
      const overlapped = { count, first: at('13:00'), last: at('15:00') };
      const root = aRun({ trigger: 'schedule:hourly', overlapped });
      return rootCard(aChain(root), aTelling({ now: at('15:30'), timeZone: 'UTC' })).lines.at(-1)?.text;
    };
    expect([line(1), line(3)]).toEqual([
      'hourly was skipped at 13:00: this run was still at work',
      'hourly was skipped 3 times, from 13:00 to 15:00: this run was still at work',
    ]);
  });

  it('say what to do where none is set', () => {
    expect(schedulesMessage([], zone).title).toMatch(/^No schedule is set\. Add one under `schedules`/);
  });

  const answers: [ScheduleAnswer, string][] = [
    [
      { kind: 'paused', name: 'hourly', until: at('14:00').toISOString(), next: at('15:00').toISOString() },
      'Schedule hourly is paused until 27 Nov 15:00. Next run: 27 Nov 16:00.',
    ],
    [
      { kind: 'paused', name: 'hourly', until: null, next: null },
      'Schedule hourly is paused until somebody types /scrape schedule resume hourly.',
    ],
    [
      { kind: 'resumed', name: 'hourly', next: at('13:00').toISOString() },
      'Schedule hourly goes on. Next run: 27 Nov 14:00.',
    ],
    [
      { kind: 'refused', reason: 'unknown', name: 'houry', known: ['hourly'], nearest: 'hourly' },
      'There is no schedule "houry". Did you mean hourly? Known are hourly.',
    ],
    [{ kind: 'refused', reason: 'not_paused', name: 'hourly' }, 'Schedule hourly is not paused: it goes on as it is.'],
  ];
  it.each(answers)('%j is answered in words', (answer, words) => {
    expect(scheduleAnswer(answer, zone).title).toBe(words);
  });
});
