/** SportyBet's numbers for our markets, and its spelling of lines. */
import { readLine, type BookMarkets } from '../price-list.ts';
import type { MarketKey } from '../../result.ts';

/** Market id, then outcome id. Double chance comes as 1X, 12, X2, so never go by position. */
export const markets: BookMarkets = {
  '1': { market: '1x2', outcomes: { '1': 'home', '2': 'draw', '3': 'away' } },
  '18': { market: 'over_under', outcomes: { '12': 'over', '13': 'under' } },
  '29': { market: 'btts', outcomes: { '74': 'yes', '76': 'no' } },
  '10': { market: 'double_chance', outcomes: { '9': 'home_draw', '10': 'home_away', '11': 'draw_away' } },
  '11': { market: 'draw_no_bet', outcomes: { '4': 'home', '5': 'away' } },
  '16': { market: 'asian_handicap', outcomes: { '1714': 'home', '1715': 'away' } },
  '14': { market: 'european_handicap', outcomes: { '1711': 'home', '1712': 'draw', '1713': 'away' } },
};

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
