import { beforeAll, describe, expect, test } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { storeRecords } from '#db/records.ts';
import { captures } from '../helpers/captures.ts';
import { testDatabase } from '../helpers/database.ts';

const { db } = await testDatabase();
const ofOneMatch = captures.filter(({ file }) => file.includes('68995116'));

/** One outcome as the three books price it. */
interface Matched extends Record<string, unknown> {
  market: string;
  period: string;
  line: number | null;
  outcome: string;
  sportybet: number;
  bet9ja: number;
  betpawa: number;
}

describe.skipIf(ofOneMatch.length === 0)('the real answers of three books about one match, stored', () => {
  beforeAll(async () => {
    for (const { parse } of ofOneMatch) {
      const answer = parse();
      if (answer.kind === 'event') await db.transaction((tx) => storeRecords(tx, [answer.event]));
    }
  });

  /** What all three sell; Bet9ja alone is a quarter lower on the draws of European handicaps: its pricing, not our reading. */
  async function side(period: string) {
    const rows = await db.execute<Matched>(sql`
      select market, period, line, outcome, sportybet, bet9ja, betpawa from matched_odds
      where books = 3 and period = ${period} and not (market = 'european_handicap' and outcome = 'draw')`);
    return [...rows].map((row) => {
      const prices = [row.sportybet, row.bet9ja, row.betpawa];
      const [least, most] = [Math.min(...prices), Math.max(...prices)];
      return { ...row, least, difference: most / least - 1 };
    });
  }

  test('are one event, with one kickoff and each book’s own names', async () => {
    const events = await db.execute(sql`select sportradar_id, to_json(kickoff) as kickoff from events`);
    expect(events).toEqual([{ sportradar_id: '68995116', kickoff: '2026-05-06T11:00:00+00:00' }]);
    const books = await db.execute(sql`
      select platform, source_id, home, genius_id, to_json(kickoff) as kickoff from book_events order by id`);
    const kickoff = '2026-05-06T11:00:00+00:00';
    expect(books).toEqual([
      { platform: 'sportybet', source_id: 'sr:match:68995116', home: 'Wuhan Three Towns FC', genius_id: null, kickoff },
      { platform: 'bet9ja', source_id: '769895636', home: 'Wuhan Three Towns', genius_id: null, kickoff },
      { platform: 'betpawa', source_id: '33289995', home: 'Wuhan Three Towns FC', genius_id: '13599033', kickoff },
    ]);
    expect(await db.execute(sql`select kind from event_warnings`)).toEqual([]);
  });

  test.each([
    ['ft', 20],
    ['1h', 15],
    ['2h', 15],
  ])('agree about the prices of period %s, side by side', async (period, atLeast) => {
    const shared = await side(period);
    expect(shared.length).toBeGreaterThanOrEqual(atLeast);
    const differences = shared.map(({ difference }) => difference).toSorted((a, b) => a - b);
    expect(differences[Math.floor(differences.length / 2)]).toBeLessThan(period === 'ft' ? 0.05 : 0.08);
    const most = period === 'ft' ? 0.08 : 0.2;
    expect(shared.filter(({ least, difference }) => least < 5 && difference >= most)).toEqual([]);
  });

  test('have the margins of bookmakers', async () => {
    const rows = await db.execute<{ margin: number }>(sql`
      select distinct margin::float8 as margin from book_odds where market = '1x2' and period = 'ft'`);
    expect(rows.length).toBeGreaterThan(1);
    for (const { margin } of rows) {
      expect(margin).toBeGreaterThan(0);
      expect(margin).toBeLessThan(15);
    }
  });
});
