/** SportyBet's numbers for our markets, and its spelling of lines. */
import { periods, readLine, type BookMarkets } from '../price-list.ts';
import type { MarketKey } from '../../result.ts';

const outcomes = {
  '1x2': { '1': 'home', '2': 'draw', '3': 'away' },
  over_under: { '12': 'over', '13': 'under' },
  btts: { '74': 'yes', '76': 'no' },
  double_chance: { '9': 'home_draw', '10': 'home_away', '11': 'draw_away' },
  draw_no_bet: { '4': 'home', '5': 'away' },
  asian_handicap: { '1714': 'home', '1715': 'away' },
  european_handicap: { '1711': 'home', '1712': 'draw', '1713': 'away' },
} as const;

/** Our markets' ids: of the whole match, of the first half, of the second. */
const ids: Record<MarketKey, readonly [string, string, string]> = {
  '1x2': ['1', '60', '83'],
  over_under: ['18', '68', '90'],
  btts: ['29', '75', '95'],
  double_chance: ['10', '63', '85'],
  draw_no_bet: ['11', '64', '86'],
  asian_handicap: ['16', '66', '88'],
  european_handicap: ['14', '65', '87'],
};

/**
 * Market id, then outcome id. The same outcomes have the same ids in all periods. Double chance comes as 1X, 12, X2, so
 * never go by position.
 */
export const markets: BookMarkets = Object.fromEntries(
  (Object.keys(ids) as MarketKey[]).flatMap((market) =>
    periods.map((period, index) => [ids[market][index], { market, period, outcomes: outcomes[market] }]),
  ),
);

/**
 * The line in a specifier: `total=2.5`, `hcp=-0.5`, or `hcp=0:1`, the starts of home and away (0:1 is -1 for home).
 * Null is "no line"; NaN where a market that has no lines comes with a specifier, which makes it another market.
 */
export function lineOf(market: MarketKey, specifier: string | null | undefined): number | null {
  const text = specifier || '';
  switch (market) {
    case 'over_under':
      return readLine(/^total=(.+)$/.exec(text)?.[1]);
    case 'asian_handicap':
      return readLine(/^hcp=(.+)$/.exec(text)?.[1]);
    case 'european_handicap': {
      const starts = /^hcp=(\d+):(\d+)$/.exec(text);
      return starts ? Number(starts[1]) - Number(starts[2]) : null;
    }
    case '1x2':
    case 'btts':
    case 'double_chance':
    case 'draw_no_bet':
      return text === '' ? null : Number.NaN;
  }
}
