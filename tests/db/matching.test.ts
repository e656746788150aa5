import { beforeEach, describe, expect, test } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { storeRecords } from '#db/records.ts';
import type { EventOdds } from '#scraper/result.ts';
import { testDatabase } from '../helpers/database.ts';
import { anEvent, aPrice } from '../helpers/odds.ts';

const { db } = await testDatabase();

beforeEach(() => db.execute(sql`truncate events, book_events, odds, odds_digests, odds_changes, event_warnings`));

type Ids = { sr?: string; genius?: string };

/** A match at a book: `at('sportybet', 'a', { sr: '1' })`. */
function at(platform: string, eventId: string, { sr, genius }: Ids, change: Partial<EventOdds> = {}): EventOdds {
  return anEvent(eventId, [aPrice()], { platform, sportradarId: sr ?? null, geniusId: genius ?? null, ...change });
}

function store(...records: EventOdds[]) {
  return db.transaction((tx) => storeRecords(tx, records));
}

/** Which book events are one match, oldest match first: `a+b c`. */
async function matches(): Promise<string> {
  const rows = await db.execute<{ books: string }>(sql`
    select string_agg(b.source_id, '+' order by b.id) as books
    from events e left join book_events b on b.event_id = e.id group by e.id order by e.id`);
  return rows.map(({ books }) => books).join(' ');
}

describe('one row per real match', () => {
  test('the same Sportradar id at three books is one match', async () => {
    await store(at('sportybet', 'a', { sr: '1' }));
    await store(at('bet9ja', 'b', { sr: '1' }));
    await store(at('betpawa', 'c', { sr: '1', genius: '9' }));
    expect(await matches()).toBe('a+b+c');
  });

  test('in one answer as well as in three', async () => {
    await store(at('sportybet', 'a', { sr: '1' }), at('bet9ja', 'b', { sr: '2' }), at('betpawa', 'c', { sr: '1' }));
    expect(await matches()).toBe('a+c b');
  });

  test('without a Sportradar id the Genius id decides', async () => {
    await store(at('sportybet', 'a', { genius: '9' }));
    await store(at('betpawa', 'b', { sr: '1', genius: '9' }));
    await store(at('bet9ja', 'c', { sr: '1' }));
    expect(await matches()).toBe('a+b+c');
  });

  test('names alone match nothing', async () => {
    await store(at('sportybet', 'a', {}), at('bet9ja', 'b', {}), at('betpawa', 'c', { sr: '1' }));
    expect(await matches()).toBe('a b c');
  });

  test('a match is what its first book calls it, and follows that book alone', async () => {
    await store(at('bet9ja', 'a', { sr: '1' }, { home: 'Wuhan Three Towns' }));
    await store(at('betpawa', 'b', { sr: '1' }, { home: 'Wuhan Three Towns FC' }));
    await store(at('betpawa', 'b', { sr: '1' }, { home: 'Wuhan' }));
    expect(await db.execute(sql`select home, sportradar_id from events`)).toEqual([
      { home: 'Wuhan Three Towns', sportradar_id: '1' },
    ]);
    await store(at('bet9ja', 'a', { sr: '1' }, { home: 'Wuhan 3 Towns', kickoff: '2026-11-24T20:00:00.000Z' }));
    expect(await db.execute(sql`select home, to_char(kickoff, 'HH24:MI') as kickoff from events`)).toEqual([
      { home: 'Wuhan 3 Towns', kickoff: '20:00' },
    ]);
  });
});

describe('ids that become known later', () => {
  test('an id that joins two matches makes them one; the older row stays, with all prices', async () => {
    await store(at('sportybet', 'a', { sr: '1' }));
    await store(at('bet9ja', 'x', { sr: '2' }));
    await store(at('betpawa', 'b', { genius: '9' }), at('sportybet', 'c', { genius: '9' }, { country: 'gh' }));
    expect(await matches()).toBe('a x b+c');
    const [before] = await db.execute(sql`select min(id) as id from events`);
    await store(at('betpawa', 'b', { sr: '1', genius: '9' }));
    expect(await matches()).toBe('a+b+c x');
    const [after] = await db.execute(sql`select min(id) as id from events`);
    expect(after).toEqual(before);
    expect(await db.execute(sql`select count(*)::int as n from odds`)).toEqual([{ n: 4 }]);
  });

  test('three matches joined through two ids in one answer are one, in whatever order they come', async () => {
    const late = [at('betpawa', 'd', { sr: '1', genius: '8' }), at('sportybet', 'e', { sr: '1', genius: '9' })];
    for (const order of [late, late.toReversed()]) {
      await db.execute(sql`truncate events, book_events, odds, odds_digests, odds_changes, event_warnings`);
      await store(at('bet9ja', 'a', { sr: '1' }), at('x', 'b', { genius: '8' }), at('y', 'c', { genius: '9' }));
      await store(...order);
      expect((await matches()).split('+').toSorted().join('+')).toBe('a+b+c+d+e');
    }
  });

  test('an answer that leaves an id out does not take it away', async () => {
    await store(at('sportybet', 'a', { sr: '1' }), at('bet9ja', 'b', { sr: '1' }));
    expect(await store(at('bet9ja', 'b', {}))).toMatchObject({ events: 0 });
    expect(await matches()).toBe('a+b');
  });

  test('an id that a book corrects moves its event, and nothing is left of a match without books', async () => {
    await store(at('sportybet', 'a', { sr: '1' }), at('bet9ja', 'b', { sr: '1' }), at('betpawa', 'c', { sr: '2' }));
    await store(at('bet9ja', 'b', { sr: '2' }));
    expect(await matches()).toBe('a b+c');
    await store(at('sportybet', 'a', { sr: '2' }));
    expect(await matches()).toBe('a+b+c');
    expect(await db.execute(sql`select sportradar_id from events`)).toEqual([{ sportradar_id: '2' }]);
  });

  test('a Genius id that one book corrects does not drag the others along', async () => {
    await store(at('sportybet', 'a', { genius: '8' }), at('betpawa', 'b', { genius: '8' }));
    await store(at('bet9ja', 'c', { genius: '9' }));
    await store(at('betpawa', 'b', { genius: '9' }));
    expect(await matches()).toBe('a b+c');
  });
});

describe('what cannot both be right', () => {
  test('different Sportradar ids stay two matches although they share a Genius id, and it is said once', async () => {
    await store(at('sportybet', 'a', { sr: '1', genius: '9' }));
    const { warnings } = await store(at('betpawa', 'b', { sr: '2', genius: '9' }));
    expect(await matches()).toBe('a b');
    expect(warnings).toEqual([
      { kind: 'ids_disagree', eventId: expect.any(String), one: 'sportybet a', other: 'betpawa b' },
    ]);
    expect(await store(at('betpawa', 'b', { sr: '2', genius: '9' }, { live: true }))).toMatchObject({ warnings: [] });
  });

  test.each([
    ['exactly 60 minutes apart', '2026-11-24T18:45:00.000Z', 1],
    ['59 minutes apart', '2026-11-24T18:46:00.000Z', 0],
    ['equal', '2026-11-24T19:45:00.000Z', 0],
  ])('kickoffs that are %s give a warning or not; neither is changed', async (_, kickoff, expected) => {
    await store(at('sportybet', 'a', { sr: '1' }), at('betpawa', 'c', { sr: '1' }));
    const { warnings } = await store(at('bet9ja', 'b', { sr: '1' }, { kickoff }));
    expect(warnings.filter(({ one }) => one === 'sportybet a')).toHaveLength(expected);
    const stored = await db.execute(sql`
      select count(*)::int as n from event_warnings where kind = 'kickoff_hour_apart'`);
    expect(stored).toEqual([{ n: 2 * expected }]);
    const [row] = await db.execute(sql`select to_json(kickoff) as kickoff from book_events where source_id = 'b'`);
    expect(row).toEqual({ kickoff: kickoff.replace('.000Z', '+00:00') });
  });
});

test('many workers that meet the same matches at the same moment end in one row each', async () => {
  const books = ['sportybet', 'bet9ja', 'betpawa', 'quickbet'];
  const answers = books.map((platform, book) =>
    Array.from({ length: 60 }, (__, n) => {
      const ids = book % 2 === 0 ? { sr: `s${n}`, ...(book === 2 && { genius: `g${n}` }) } : { genius: `g${n}` };
      return at(platform, `${platform} ${n}`, ids);
    }),
  );
  await Promise.all(answers.flatMap((all, book) => [store(...(book % 2 ? all : all.toReversed())), store(...all)]));
  const sizes = await db.execute(sql`
    select books, count(*)::int as matches
    from (select count(*)::int as books from book_events group by event_id) s group by 1`);
  expect(sizes).toEqual([{ books: 4, matches: 60 }]);
  expect(await db.execute(sql`select count(*)::int as n from events`)).toEqual([{ n: 60 }]);
});
