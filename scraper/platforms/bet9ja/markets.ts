/** Bet9ja's odds keys: `S_<MARKET>[@<LINE>]_<OUTCOME>`. */
import type { BookMarkets } from '../price-list.ts';

/**
 * Market code, then outcome suffix. Codes are matched whole: `1X21` and `1X22` are promotions of 1X2, and `OUA` is
 * Asian totals.
 */
export const markets: BookMarkets = {
  '1X2': { market: '1x2', outcomes: { '1': 'home', X: 'draw', '2': 'away' } },
  OU: { market: 'over_under', outcomes: { O: 'over', U: 'under' } },
  GGNG: { market: 'btts', outcomes: { Y: 'yes', N: 'no' } },
  DC: { market: 'double_chance', outcomes: { '1X': 'home_draw', '12': 'home_away', X2: 'draw_away' } },
  DNB: { market: 'draw_no_bet', outcomes: { '1': 'home', '2': 'away' } },
  AH: { market: 'asian_handicap', outcomes: { '1': 'home', '2': 'away' } },
  '1X2HND': { market: 'european_handicap', outcomes: { '1H': 'home', XH: 'draw', '2H': 'away' } },
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
