import { describe, expect, it } from 'vitest';
import { readUntil } from '#bot/commands/until.ts';

/** 12:00 in Lagos, which is an hour ahead of UTC all year; 6:00 in New York in winter. */
const now = new Date('2026-11-23T11:00:00Z');

function read(text: string, zone = 'Africa/Lagos', at = now) {
  const found = readUntil(text.split(' ').filter(Boolean), at, zone);
  return found instanceof Date ? found.toISOString() : found;
}

describe('a time as people type it', () => {
  it('may be left out, or be that it works', () => {
    expect(read('')).toBeNull();
    expect(read('until it works')).toBeNull();
  });

  it('may be a time of day: the next one to come where the bot is', () => {
    expect(read('until 18:00')).toBe('2026-11-23T17:00:00.000Z');
    expect(read('18:00')).toBe('2026-11-23T17:00:00.000Z');
    expect(read('until 9:30')).toBe('2026-11-24T08:30:00.000Z');
    expect(read('until 12:00')).toBe('2026-11-24T11:00:00.000Z');
    expect(read('until 18:00', 'America/New_York')).toBe('2026-11-23T23:00:00.000Z');
  });

  it('may be a length', () => {
    expect(read('for 90m')).toBe('2026-11-23T12:30:00.000Z');
    expect(read('2h')).toBe('2026-11-23T13:00:00.000Z');
    expect(read('2 hours')).toBe('2026-11-23T13:00:00.000Z');
    expect(read('until 3d')).toBe('2026-11-26T11:00:00.000Z');
  });

  it('may be a day, with a time or in the morning', () => {
    expect(read('until tomorrow')).toBe('2026-11-24T08:00:00.000Z');
    expect(read('until tomorrow 7:00')).toBe('2026-11-24T06:00:00.000Z');
    expect(read('until 2026-12-24')).toBe('2026-12-24T08:00:00.000Z');
    expect(read('until 2026-12-24 18:00', 'UTC')).toBe('2026-12-24T18:00:00.000Z');
  });

  it('is right on both sides of a change of the clocks', () => {
    const eve = new Date('2026-03-28T20:00:00Z');
    expect(read('until tomorrow', 'Europe/Berlin', eve)).toBe('2026-03-29T07:00:00.000Z');
    expect(read('until tomorrow 2:30', 'Europe/Berlin', eve)).toBe('2026-03-29T01:30:00.000Z');
    expect(read('until 2026-10-25 9:00', 'Europe/Berlin')).toBe('2026-10-25T08:00:00.000Z');
  });

  const unclear = [
    'until',
    'for',
    'until soon',
    '25:00',
    '2026-02-30',
    'until 2026-12-24 25:00',
    '18:00 x',
    '-2h',
    '1e9d',
  ];
  for (const text of unclear) it(`is not guessed: ${text}`, () => expect(read(text)).toBe('unclear'));
});
