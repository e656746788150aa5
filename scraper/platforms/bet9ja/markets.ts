/** Bet9ja's odds keys: `S_<MARKET>[@<LINE>]_<OUTCOME>`. */
import type { MarketKey, Period } from '../../result.ts';
import type { BookMarket, BookMarkets } from '../price-list.ts';

const outcomes = {
  '1x2': { '1': 'home', X: 'draw', '2': 'away' },
  over_under: { O: 'over', U: 'under' },
  btts: { Y: 'yes', N: 'no' },
  double_chance: { '1X': 'home_draw', '12': 'home_away', X2: 'draw_away' },
  draw_no_bet: { '1': 'home', '2': 'away' },
  asian_handicap: { '1': 'home', '2': 'away' },
  european_handicap: { '1': 'home', X: 'draw', '2': 'away' },
} as const satisfies Record<MarketKey, Record<string, string>>;

function ours(market: MarketKey, period: Period): BookMarket {
  return { market, period, outcomes: outcomes[market] };
}

/**
 * Market code, then outcome suffix. Codes are matched whole: `1X21` and `1X22` are promotions of 1X2, `1X21T` and
 * `1X22T` its halves, and `OUA` is Asian totals.
 */
export const markets: BookMarkets = {
  '1X2': ours('1x2', 'ft'),
  '1X21T': ours('1x2', '1h'),
  '1X22T': ours('1x2', '2h'),
  OU: ours('over_under', 'ft'),
  OU1T: ours('over_under', '1h'),
  OU2T: ours('over_under', '2h'),
  GGNG: ours('btts', 'ft'),
  GGNG1T: ours('btts', '1h'),
  GGNG2T: ours('btts', '2h'),
  DC: ours('double_chance', 'ft'),
  DC1T: ours('double_chance', '1h'),
  DC2T: ours('double_chance', '2h'),
  DNB: ours('draw_no_bet', 'ft'),
  DNB1T: ours('draw_no_bet', '1h'),
  DNB2T: ours('draw_no_bet', '2h'),
  AH: ours('asian_handicap', 'ft'),
  '1X2HND': { ...ours('european_handicap', 'ft'), outcomes: { '1H': 'home', XH: 'draw', '2H': 'away' } },
  '1X2HNDHT': ours('european_handicap', '1h'),
  '1X2HND2TN': ours('european_handicap', '2h'),
};

/** An odds key taken apart: `S_OU@2.5_O` is market `OU`, line `2.5`, outcome `O`, market id `S_OU@2.5`. */
export interface OddsKey {
  market: string;
  line: string | null;
  outcome: string;
  marketId: string;
}

/** Takes an odds key apart; null for keys of other sports and shapes. */
export function splitKey(key: string): OddsKey | null {
  const parts = /^S_([^_@]+)(?:@([^_]*))?_(.+)$/.exec(key);
  const [, market, line, outcome] = parts ?? [];
  if (!market || !outcome) return null;
  return { market, line: line ?? null, outcome, marketId: key.slice(0, -outcome.length - 1) };
}
