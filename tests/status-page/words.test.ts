import { describe, expect, it } from 'vitest';
import { relativeLink } from '../../status-page/src/lib/links.ts';
import { machineTime, shownTime } from '../../status-page/src/lib/times.ts';
import { counted, duration, listed, oneLine, triggerReason } from '../../status-page/src/lib/words.ts';

const noon = new Date('2026-11-23T12:00:05.678Z');
const after = (seconds: number) => new Date(noon.getTime() + seconds * 1000);

describe('words of the page', () => {
  it.each([
    [0.04, '0.0 s'],
    [9.94, '9.9 s'],
    [9.96, '10 s'],
    [59.4, '59 s'],
    [59.6, '1 min 0 s'],
    [185, '3 min 5 s'],
    [7_800, '2 h 10 min'],
    [-3, '0.0 s'],
  ])('says how long %s seconds are', (seconds, expected) => {
    expect(duration(noon, after(seconds))).toBe(expected);
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

  it('makes one honest line of any text', () => {
    expect(oneLine('a\u202eb\u200b \n\n c\u0000')).toBe('ab c');
    expect(oneLine('\ud800x')).toBe('\ufffdx');
    expect(Array.from(oneLine('💥'.repeat(400)))).toHaveLength(300);
  });
});

describe('times of the page', () => {
  it('names the day only where it is another one, and the year only where it is another one', () => {
    expect(shownTime(noon, after(60), 'clock')).toBe('12:00');
    expect(shownTime(noon, after(86_400), 'clock')).toBe('12:00 on 23 Nov');
    expect(shownTime(noon, after(86_400 * 60), 'seconds')).toBe('12:00:05 on 23 Nov 2026');
    expect(shownTime(noon, after(60), 'day')).toBe('23 Nov, 12:00');
    expect(shownTime(noon, after(60), 'full')).toBe('12:00:05 on 23 November 2026');
  });

  it('counts days and hours in UTC, wherever the page is built', () => {
    const late = new Date('2026-11-23T23:59:59Z');
    expect(shownTime(late, new Date('2026-11-24T00:00:01Z'), 'clock')).toBe('23:59 on 23 Nov');
    expect(machineTime(noon)).toBe('2026-11-23T12:00:05Z');
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
