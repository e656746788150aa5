import { describe, expect, it } from 'vitest';
import { readCron } from '#bot/runs/cron.ts';

function read(expression: string) {
  const reading = readCron(expression);
  if (reading.kind === 'fault') throw new Error(reading.why);
  return reading.cron;
}

function whyNot(expression: string): string {
  const reading = readCron(expression);
  return reading.kind === 'fault' ? reading.why : 'it was read';
}

describe('a cron expression', () => {
  it('takes lists, ranges, steps and names', () => {
    const cron = read('0,30 8-18/2 1 jan-mar MON-fri');
    expect([...cron.minutes]).toEqual([0, 30]);
    expect([...cron.hours]).toEqual([8, 10, 12, 14, 16, 18]);
    expect([...cron.months]).toEqual([1, 2, 3]);
    expect([...cron.daysOfWeek]).toEqual([1, 2, 3, 4, 5]);
  });

  it('knows Sunday as 0 and as 7', () => {
    expect([...read('0 0 * * 7').daysOfWeek]).toEqual([0]);
    expect([...read('0 0 * * 5-7').daysOfWeek]).toEqual([5, 6, 0]);
  });

  it('takes a step from a number on to the end of its field', () => {
    expect([...read('50/5 * * * *').minutes]).toEqual([50, 55]);
  });

  it('takes one kind of day where both are restricted, as cron always has', () => {
    expect(read('0 0 13 * 5').eitherDay).toBe(true);
    expect(read('0 0 13 * *').eitherDay).toBe(false);
    expect(read('0 0 */2 * 5').eitherDay).toBe(false);
  });

  it.each([
    ['* * * *', 'five fields'],
    ['0 0 * * * *', 'five fields'],
    ['60 * * * *', 'has "60" as minute: use 0 to 59'],
    ['0 24 * * *', 'has "24" as hour'],
    ['0 0 0 * *', 'has "0" as day of the month'],
    ['0 0 1 13 *', 'has "13" as month'],
    ['0 0 * * 8', 'has "8" as day of the week'],
    ['0 0 * * monday', 'has "monday" as day of the week'],
    ['5-1 * * * *', 'has "5-1" as minute'],
    ['*/0 * * * *', 'has "*/0" as minute'],
    ['*-5 * * * *', 'has "*-5" as minute'],
    [', * * * *', 'has "" as minute'],
    ['0 0 31 2,4 *', 'names a day that no month of it has'],
    ['@daily', 'five fields'],
    [`${'1,'.repeat(200)}1 * * * *`, 'five fields'],
  ])('%j is refused: %s', (expression, why) => {
    expect(whyNot(expression)).toContain(why);
  });
});
