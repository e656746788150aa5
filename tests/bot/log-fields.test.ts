import { describe, expect, it } from 'vitest';
import { boundedFields, errorFields } from '#bot/log-fields.ts';
import { DatabaseLost } from '#db/errors.ts';

const circle: Record<string, unknown> = {};
circle['itself'] = circle;

describe('the fields of a log line', () => {
  it('stay as they are where they are short', () => {
    const fields = { runId: 1, jobId: 2, why: 'Slack is away', ended: ['bet9ja'], at: new Date(0), nothing: undefined };
    expect(boundedFields(fields)).toEqual(fields);
  });

  it.each([
    ['a long text', { why: 'x'.repeat(100_000) }],
    ['characters that JSON spells out', { why: '\u0000'.repeat(3_000), remark: '\u0001"\\'.repeat(3_000) }],
    ['letters of three bytes', { error: '€'.repeat(500), stack: '€'.repeat(2_000), why: '€'.repeat(2_000) }],
    ['a long list', { ended: Array.from({ length: 10_000 }, (_, index) => index) }],
    ['many fields', Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`field${index}`, 'x'.repeat(50)]))],
    [
      'an error with everything a library knows',
      { error: Object.assign(new Error('broke'), { query: 'x'.repeat(9_000) }) },
    ],
    ['a circle', { circle, much: 10n ** 4_000n }],
  ])('stay below 4 KB as they are written: %s', (_what, fields) => {
    const told = boundedFields({ runId: 1, jobId: 2, ...fields });
    expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThan(4_000);
    expect(told).toMatchObject({ runId: 1, jobId: 2 });
    expect(JSON.stringify(told).isWellFormed()).toBe(true);
  });

  it('tell an error that somebody put in whole without what hangs on it', () => {
    const error = Object.assign(new Error('broke'), { headers: { authorization: 'canary' } });
    expect(boundedFields({ error })).toEqual({ error: 'Error: broke' });
    expect(
      boundedFields({ error: Object.assign(new Error('select canary'), { query: 'select', params: ['canary'] }) }),
    ).toEqual({
      error: 'query not sent',
    });
  });
});

it('an error of the database is told by its code', () => {
  expect(errorFields(new DatabaseLost('connection to canary failed', 'ECONNREFUSED'))).toEqual({
    error: 'ECONNREFUSED',
  });
});
