import { expect, test } from 'vitest';
import { z } from 'zod';
import { idText, isoOrDrifted, isoOrNull, list, listOrDict, readEach, readShape } from '#scraper/platforms/shape.ts';

const Body = z.object({
  markets: list(z.object({ id: idText, outcomes: list(z.object({ odds: z.string() })) })),
});

test.each([
  [{ markets: [{ id: 1, outcomes: [{}] }] }, 'data.markets[].outcomes[].odds is missing'],
  [{ markets: [{ id: 1, outcomes: [{ odds: 2 }] }] }, 'data.markets[].outcomes[].odds is of another kind'],
  [{ markets: [{ id: {}, outcomes: [] }] }, 'data.markets[].id is of another kind'],
  [
    {
      markets: [
        { id: 1, outcomes: [{}, { odds: '2' }] },
        { id: 2, outcomes: [{}] },
      ],
    },
    'data.markets[].outcomes[].odds is missing in 2 of 3',
  ],
  [{}, 'data.markets is missing'],
  [null, 'data is of another kind'],
  ['text', 'data is of another kind'],
])('what does not fit in %j is named by its path', (body, message) => {
  expect(() => readShape(Body, body, 'data')).toThrowError(expect.objectContaining({ kind: 'drifted', message }));
});

test('an answer that is nothing at all is named as such', () => {
  expect(() => readShape(Body, undefined, '')).toThrowError('the answer is missing');
});

test('ids are text whether they come as text or as a number', () => {
  expect(readShape(Body, { markets: [{ id: 18, outcomes: [] }] }, '').markets[0]?.id).toBe('18');
});

test.each(['9007199254740993', '1e400', '1.5', 'true'])(
  'D11 the id %s would be another one, or none, for us: it does not fit',
  (id) => {
    const answer: unknown = JSON.parse(`{"markets":[{"id":${id},"outcomes":[]}]}`);
    expect(() => readShape(Body, answer, 'd')).toThrowError('d.markets[].id is of another kind');
  },
);

test('D11 ids of many digits that come as text stay two', () => {
  const ids = ['9007199254740992', '9007199254740993'];
  const read = readShape(Body, { markets: ids.map((id) => ({ id, outcomes: [] })) }, 'd');
  expect(read.markets.map(({ id }) => id)).toEqual(ids);
});

test('a list and an object are the same collection, and a list lends no ids', () => {
  const Groups = listOrDict(z.object({ n: z.number() }));
  expect(readShape(Groups, { '970880': { n: 1 } }, 'G')).toEqual({ '970880': { n: 1 } });
  expect(readShape(Groups, [{ n: 1 }], 'G')).toEqual({ '[0]': { n: 1 } });
  expect(readShape(Groups, [], 'G')).toEqual({});
  expect(() => readShape(Groups, [{ n: 1 }, {}], 'G')).toThrowError('G[].n is missing in 1 of 2');
  expect(() => readShape(Groups, 'none', 'G')).toThrowError('G is of another kind');
});

test('a moment without a zone is UTC, and what is no moment is null or drifted', () => {
  expect(isoOrNull('2026-12-05 15:00:00')).toBe('2026-12-05T15:00:00.000Z');
  expect(isoOrNull('2026-12-05T15:00:00Z')).toBe('2026-12-05T15:00:00.000Z');
  expect(isoOrNull(1796482800000)).toBe('2026-12-05T15:00:00.000Z');
  expect(isoOrNull(8.64e15 + 1)).toBeNull();
  expect(() => isoOrDrifted('tomorrow', 'D.STARTDATE')).toThrowError(
    expect.objectContaining({ kind: 'drifted', message: 'D.STARTDATE is no moment in time' }),
  );
});

test('parts of a list are read one by one; those that do not fit are told together, of all there are', () => {
  const Part = z.object({ outcomes: z.array(z.object({ odds: z.string() })) });
  const parts = [{ outcomes: [{ odds: '2' }] }, { outcomes: [{}, {}] }, {}, { outcomes: [{}] }];
  const { read, drifts } = readEach(Part, parts, 'markets[]');
  expect(read).toEqual([parts[0], null, null, null]);
  expect(drifts).toEqual([
    { path: 'markets[].outcomes[].odds', problem: 'is missing', count: 3, of: 4 },
    { path: 'markets[].outcomes', problem: 'is missing', count: 1, of: 4 },
  ]);
});

test('an answer of nothing but unfit parts is not looked at to its end, and one longer than any is refused', () => {
  const unfit = Array.from({ length: 3_000 }, () => ({}));
  expect(() => readShape(Body, { markets: unfit }, 'data')).toThrowError('data.markets[].id is missing in 500 of 3000');
  expect(readEach(idText, unfit, 'ids[]').drifts).toEqual([
    { path: 'ids[]', problem: 'is of another kind', count: 1_000, of: 3_000 },
  ]);
  const Groups = z.object({ G: listOrDict(z.unknown()) });
  const long = Array.from({ length: 5_001 }, () => 1);
  for (const [schema, value] of [
    [Body, { markets: long }],
    [Groups, { G: long }],
    [Groups, { G: Object.fromEntries(long.entries()) }],
  ] as const) {
    expect(() => readShape(schema, value, '')).toThrowError(expect.objectContaining({ kind: 'too_large' }));
  }
});
