import { describe, expect, it } from 'vitest';
import { relativeLink } from '../../status-page/src/lib/links.ts';
import {
  dayName,
  exactTime,
  lastDays,
  machineTime,
  monthName,
  shownTime,
  zoneWords,
} from '../../status-page/src/lib/times.ts';
import { counted, duration, listed, oneLine, percent, triggerReason } from '../../status-page/src/lib/words.ts';

const noon = new Date('2026-11-23T12:00:05.678Z');
const after = (seconds: number) => new Date(noon.getTime() + seconds * 1000);

describe('words of the page', () => {
  it.each([
    [0.04, '0.0 s'],
    [9.94, '9.9 s'],
    [9.96, '10 s'],
    [59.4, '59 s'],
    [59.6, '1 min'],
    [185, '3 min 5 s'],
    [7_800, '2 h 10 min'],
    [7_200, '2 h'],
    [3 * 86_400 + 4 * 3_600, '3 d 4 h'],
    [-3, '0.0 s'],
  ])('says how long %s seconds are', (seconds, expected) => {
    expect(duration(noon, after(seconds))).toBe(expected);
  });

  it('never calls a share whole that is not', () => {
    expect([percent(1), percent(0.9996), percent(0.5), percent(0)]).toEqual(['100 %', '99.9 %', '50.0 %', '0.0 %']);
  });

  it('counts and lists as people do', () => {
    expect([counted(1, 'item'), counted(1203, 'item')]).toEqual(['1 item', '1,203 items']);
    expect([listed([]), listed(['a']), listed(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c']);
  });

  it.each([
    ['schedule:every-hour', 'Schedule every-hour', null],
    ['schedule:a:b', 'Schedule a:b', null],
    ['slack', 'Asked for in Slack', null],
    ['retry:12', 'Retry of run', 12],
    ['rescrape:5', 'Automatic re-scrape of run', 5],
    ['retry:<b>', 'Asked for in retry:<b>', null],
  ])('says why a run of trigger %s exists', (trigger, text, run) => {
    expect(triggerReason(trigger)).toEqual({ text, run });
  });

  it('says of a backfill what it was of', () => {
    expect(triggerReason('slack', 'images').text).toBe('Backfill of images, asked for in Slack');
    expect(triggerReason('retry:12', 'images')).toEqual({ text: 'Retry of run', run: 12 });
  });

  it('makes one honest line of any text', () => {
    expect(oneLine('a\u202eb\u200b \n\n c\u0000')).toBe('ab c');
    expect(oneLine('\ud800x')).toBe('\ufffdx');
    expect(Array.from(oneLine('💥'.repeat(400)))).toHaveLength(300);
  });
});

describe('times of the page', () => {
  it('names the day only where it is another one, and the year only where it is another one', () => {
    expect(shownTime(noon, 'clock', 'UTC', after(60))).toBe('12:00');
    expect(shownTime(noon, 'clock', 'UTC', after(86_400))).toBe('12:00 yesterday');
    expect(shownTime(noon, 'clock', 'UTC', after(2 * 86_400))).toBe('12:00 on 23 Nov');
    expect(shownTime(noon, 'seconds', 'UTC', after(86_400 * 60))).toBe('12:00:05 on 23 Nov 2026');
    expect(shownTime(noon, 'day', 'UTC', after(60))).toBe('today, 12:00');
    expect(shownTime(noon, 'day', 'UTC', null)).toBe('23 Nov 2026, 12:00');
    expect(shownTime(noon, 'full', 'UTC', after(60))).toBe('12:00:05 on 23 November 2026');
  });

  it('are told in the zone of the site, wherever the page is built, with the exact moment beside', () => {
    const late = new Date('2026-11-23T23:59:59Z');
    expect(shownTime(late, 'clock', 'UTC', new Date('2026-11-24T00:00:01Z'))).toBe('23:59 yesterday');
    expect(shownTime(late, 'clock', 'Africa/Lagos', new Date('2026-11-24T00:00:01Z'))).toBe('00:59');
    expect(exactTime(late)).toBe('2026-11-23 23:59:59 UTC');
    expect([zoneWords('UTC', late), zoneWords('Africa/Lagos', late)]).toEqual(['UTC', 'Africa/Lagos (UTC+01:00)']);
    expect(machineTime(noon)).toBe('2026-11-23T12:00:05Z');
  });
});

describe('times without Intl', () => {
  const zones = [
    'UTC',
    'Africa/Lagos',
    'Europe/Berlin',
    'America/New_York',
    'America/St_Johns',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'Pacific/Chatham',
    'Pacific/Kiritimati',
    'Pacific/Pago_Pago',
  ];
  const year = Date.UTC(2026, 0, 1);

  it.each(zones)(
    'say what Intl says in %s, to the second, around every change of the clocks in ten years',
    (timeZone) => {
      const as = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-GB', { timeZone, ...options });
      const [clock, date] = [as({ timeStyle: 'medium' }), as({ dateStyle: 'long' })];
      const offset = as({ timeZoneName: 'longOffset' });
      const offsetAt = (ms: number) => offset.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value;
      const moments: number[] = [];
      for (let day = 0; day < 3_653; day += 1) {
        const at = year + day * 86_400_000;
        moments.push(at + ((day * 7_919) % 86_400) * 1000);
        if (offsetAt(at) === offsetAt(at + 86_400_000)) continue;
        for (let second = 0; second <= 86_400; second += 150) moments.push(at + second * 1000, at + second * 1000 - 1);
      }
      const wrong = moments.filter((ms) => {
        const at = new Date(ms);
        return shownTime(at, 'full', timeZone, null) !== `${clock.format(at)} on ${date.format(at)}`;
      });
      expect(wrong.map((ms) => new Date(ms).toISOString())).toEqual([]);
    },
  );

  it('name days and months, the first and the last of a year too', () => {
    expect([dayName('2026-01-01'), dayName('2026-09-30'), dayName('2026-12-31')]).toEqual([
      'Thu 1 Jan',
      'Wed 30 Sep',
      'Thu 31 Dec',
    ]);
    expect([monthName('2026-01'), monthName('2026-12')]).toEqual(['January 2026', 'December 2026']);
    expect(lastDays(new Date('2026-03-01T12:00:00Z'), 2)).toEqual(['2026-02-28', '2026-03-01']);
  });

  it('group thousands', () => {
    expect([0, 999, 1_000, 12_034, 1_234_567].map((count) => counted(count, 'run'))).toEqual([
      '0 runs',
      '999 runs',
      '1,000 runs',
      '12,034 runs',
      '1,234,567 runs',
    ]);
  });
});

describe('links between pages', () => {
  it.each([
    ['/', '/runs/1/', 'runs/1/'],
    ['/runs/2/', '/runs/1/', '../../runs/1/'],
    ['/runs/2/', '/', '../../'],
    ['/', '/', './'],
    ['/', '/_astro/page.css', '_astro/page.css'],
  ])('lead from %s to %s wherever the site is put', (from, to, expected) => {
    expect(relativeLink(from, to)).toBe(expected);
    expect(new URL(expected, `http://host/any/where${from}`).pathname).toBe(`/any/where${to}`);
  });
});
