/** BetPawa's numbers for our markets, and where its lines stand. */
import type { MarketKey } from '../../result.ts';
import { readLine, type BookMarkets } from '../price-list.ts';
import type { Row } from './schema.ts';

/** Market type id, then the price's type id. Double chance comes as 1X, X2, 12, so never go by position. */
export const markets: BookMarkets = {
  '3743': { market: '1x2', outcomes: { '3744': 'home', '3745': 'draw', '3746': 'away' } },
  '5000': { market: 'over_under', outcomes: { '5001': 'over', '5002': 'under' } },
  '3795': { market: 'btts', outcomes: { '3796': 'yes', '3797': 'no' } },
  '4693': { market: 'double_chance', outcomes: { '4694': 'home_draw', '4695': 'draw_away', '4696': 'home_away' } },
  '4703': { market: 'draw_no_bet', outcomes: { '4704': 'home', '4705': 'away' } },
  '3774': { market: 'asian_handicap', outcomes: { '3775': 'home', '3776': 'away' } },
  '4724': { market: 'european_handicap', outcomes: { '4725': 'home', '4726': 'draw', '4727': 'away' } },
};

/**
 * A row's line, seen from home: its `handicap` divided by four. Only without one does the specifier count (a real
 * answer held four times the line there), and the texts of the prices never do: their signs contradict one another.
 */
export function lineOf(market: MarketKey, row: Row): number | null {
  switch (market) {
    case 'over_under':
      return quarters(row.handicap) ?? readLine(row.specifier?.total);
    case 'asian_handicap':
    case 'european_handicap':
      return quarters(row.handicap) ?? readLine(row.specifier?.hcp);
    case '1x2':
    case 'btts':
    case 'double_chance':
    case 'draw_no_bet':
      return null;
  }
}

function quarters(handicap: Row['handicap']): number | null {
  const line = readLine(handicap);
  return line === null ? null : line / 4;
}
