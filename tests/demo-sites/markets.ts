/** The seven markets of an invented match and two of its first half, with true chances from a Poisson model of the goals. */

/** One thing to bet on: its chance to win, and the chance that the stake comes back instead. */
export interface DemoOutcome {
  outcome: string;
  win: number;
  refund: number;
}

/** One market at one line; handicaps are seen from home. */
export interface DemoMarket {
  market: string;
  period: 'ft' | '1h';
  line: number | null;
  outcomes: DemoOutcome[];
}

/** What the tables of ids go by: `over_under`, and `over_under 1h` for the first half. */
export function idKey({ market, period }: DemoMarket): string {
  return period === 'ft' ? market : `${market} ${period}`;
}

type Score = (home: number, away: number) => boolean;

const mostGoals = 12;

/** All markets and lines of a match in which the two sides score so many goals on average. */
export function marketsFor(homeGoals: number, awayGoals: number): DemoMarket[] {
  const chance = (holds: Score, share: number) => {
    let sum = 0;
    for (let home = 0; home <= mostGoals; home += 1) {
      for (let away = 0; away <= mostGoals; away += 1) {
        if (holds(home, away)) sum += poisson(share * homeGoals, home) * poisson(share * awayGoals, away);
      }
    }
    return sum;
  };
  const inPeriod =
    (period: 'ft' | '1h', share: number) =>
    (name: string, line: number | null, outcomes: Record<string, Score>, refund: Score = () => false): DemoMarket => ({
      market: name,
      period,
      line,
      outcomes: Object.entries(outcomes).map(([outcome, wins]) => ({
        outcome,
        win: chance(wins, share),
        refund: chance(refund, share),
      })),
    });
  const market = inPeriod('ft', 1);
  const half = inPeriod('1h', 0.45);

  return [
    half('1x2', null, { home: (h, a) => h > a, draw: (h, a) => h === a, away: (h, a) => h < a }),
    half('over_under', 0.5, { over: (h, a) => h + a > 0.5, under: (h, a) => h + a < 0.5 }),
    market('1x2', null, { home: (h, a) => h > a, draw: (h, a) => h === a, away: (h, a) => h < a }),
    ...[0.5, 1.5, 2.5, 3.5, 4.5, 5.5].map((line) =>
      market('over_under', line, { over: (h, a) => h + a > line, under: (h, a) => h + a < line }),
    ),
    market('btts', null, { yes: (h, a) => h > 0 && a > 0, no: (h, a) => h === 0 || a === 0 }),
    market('double_chance', null, {
      home_draw: (h, a) => h >= a,
      home_away: (h, a) => h !== a,
      draw_away: (h, a) => h <= a,
    }),
    market('draw_no_bet', null, { home: (h, a) => h > a, away: (h, a) => h < a }, (h, a) => h === a),
    ...[-1.5, -1, -0.5, 0, 0.5, 1, 1.5].map((line) =>
      market(
        'asian_handicap',
        line,
        { home: (h, a) => h + line > a, away: (h, a) => h + line < a },
        (h, a) => h + line === a,
      ),
    ),
    ...[-2, -1, 1, 2].map((line) =>
      market('european_handicap', line, {
        home: (h, a) => h + line > a,
        draw: (h, a) => h + line === a,
        away: (h, a) => h + line < a,
      }),
    ),
  ];
}

function poisson(mean: number, goals: number): number {
  let chance = Math.exp(-mean);
  for (let goal = 1; goal <= goals; goal += 1) chance *= mean / goal;
  return chance;
}
