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

function market<Key extends MarketKey>(key: Key, period: Period): BookMarket {
  return { market: key, period, outcomes: outcomes[key] };
}

/**
 * Market code, then outcome suffix. Codes are matched whole: `1X21` and `1X22` are promotions of 1X2, `1X21T` and
 * `1X22T` its halves, and `OUA` is Asian totals.
 */
export const markets: BookMarkets = {
  '1X2': market('1x2', 'ft'),
  '1X21T': market('1x2', '1h'),
  '1X22T': market('1x2', '2h'),
  OU: market('over_under', 'ft'),
  OU1T: market('over_under', '1h'),
  OU2T: market('over_under', '2h'),
  GGNG: market('btts', 'ft'),
  GGNG1T: market('btts', '1h'),
  GGNG2T: market('btts', '2h'),
  DC: market('double_chance', 'ft'),
  DC1T: market('double_chance', '1h'),
  DC2T: market('double_chance', '2h'),
  DNB: market('draw_no_bet', 'ft'),
  DNB1T: market('draw_no_bet', '1h'),
  DNB2T: market('draw_no_bet', '2h'),
  AH: market('asian_handicap', 'ft'),
  '1X2HND': { ...market('european_handicap', 'ft'), outcomes: { '1H': 'home', XH: 'draw', '2H': 'away' } },
  '1X2HNDHT': market('european_handicap', '1h'),
  '1X2HND2TN': market('european_handicap', '2h'),
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
