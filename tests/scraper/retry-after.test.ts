import { expect, test } from 'vitest';
import { retryAfter } from '#scraper/retry-after.ts';

const now = Date.UTC(2026, 10, 23, 12);
const secondsFor = (header: string | undefined) => (retryAfter(header, now) - now) / 1000;

test.each([
  ['120', 120],
  [' 5 ', 5],
  ['0', 0],
  ['Mon, 23 Nov 2026 12:00:30 GMT', 30],
  ['Monday, 23-Nov-26 12:00:45 GMT', 45],
])('%j is waited for', (header, seconds) => {
  expect(secondsFor(header)).toBe(seconds);
});

test('a date that has passed means now', () => {
  expect(secondsFor('Mon, 23 Nov 2026 11:00:00 GMT')).toBe(0);
});

test.each([undefined, '', 'soon', '-5', '1.5', '12e3', '5 minutes', 'Mon, 99 Nov 2026 25:61:00 GMT'])(
  'unclear is a minute: %j',
  (header) => {
    expect(secondsFor(header)).toBe(60);
  },
);

test.each(['99999999', '9'.repeat(400), 'Fri, 23 Nov 2029 12:00:00 GMT'])(
  'nobody is waited for longer than an hour: %j',
  (header) => {
    expect(secondsFor(header)).toBe(3600);
  },
);
