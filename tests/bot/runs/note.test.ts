import { describe, expect, it } from 'vitest';
import { readNote } from '#bot/runs/note.ts';

const noon = new Date('2026-11-23T12:00:30Z');
const read = (typed: string, zone = 'UTC') => {
  const note = readNote(typed, noon, zone);
  return note.kind === 'note' ? `${note.text} | ${note.endsAt.toISOString().slice(0, 16)}` : note.kind;
};

describe('a note', () => {
  it.each([
    ['"bet9ja has maintenance until 14:00"', 'bet9ja has maintenance until 14:00 | 2026-11-23T14:00'],
    ['bet9ja is moving until 9.30', 'bet9ja is moving until 9.30 | 2026-11-24T09:30'],
    ['until noon until 12:00', 'until noon until 12:00 | 2026-11-24T12:00'],
    ['we are looking into it', 'we are looking into it | 2026-11-24T12:00'],
    ['“we are looking into it” for 2h', 'we are looking into it | 2026-11-23T14:00'],
    ['slow today for 90 min', 'slow today | 2026-11-23T13:30'],
    ['holidays for 3d', 'holidays | 2026-11-26T12:00'],
    ['', 'empty'],
    ['""', 'empty'],
    ['for 2h', 'empty'],
    ['x until 25:00', 'no_such_time'],
    ['x for 0m', 'no_such_time'],
    ['x for 31d', 'ends_too_late'],
    ['x'.repeat(301), 'too_long'],
  ])('%s', (typed, expected) => {
    expect(read(typed)).toBe(expected);
  });

  it('means the time of whoever reads the page', () => {
    expect(read('x until 14:00', 'Africa/Lagos')).toBe('x until 14:00 | 2026-11-23T13:00');
  });
});
