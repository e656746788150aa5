/** BetPawa's numbers for our markets, and where its lines stand. */
import type { MarketKey, Period } from '../../result.ts';
import { periods, readLine, type BookMarkets } from '../price-list.ts';
import type { Row } from './schema.ts';

/** Market type id, then the price's type id. Double chance comes as 1X, X2, 12, so never go by position. */
export const markets: BookMarkets = {
  ...inPeriods('1x2', ['home', 'draw', 'away'], {
    ft: ['3743', '3744', '3745', '3746'],
    '1h': ['3668', '3669', '3670', '3671'],
    '2h': ['3685', '3686', '3687', '3688'],
  }),
  ...inPeriods('over_under', ['over', 'under'], {
    ft: ['5000', '5001', '5002'],
    '1h': ['4958', '4959', '4960'],
    '2h': ['4976', '4977', '4978'],
  }),
  ...inPeriods('btts', ['yes', 'no'], {
    ft: ['3795', '3796', '3797'],
    '1h': ['3789', '3790', '3791'],
    '2h': ['3792', '3793', '3794'],
  }),
  ...inPeriods('double_chance', ['home_draw', 'draw_away', 'home_away'], {
    ft: ['4693', '4694', '4695', '4696'],
    '1h': ['4673', '4674', '4675', '4676'],
    '2h': ['4681', '4682', '4683', '4684'],
  }),
  ...inPeriods('draw_no_bet', ['home', 'away'], {
    ft: ['4703', '4704', '4705'],
    '1h': ['4697', '4698', '4699'],
    '2h': ['4700', '4701', '4702'],
  }),
  ...inPeriods('asian_handicap', ['home', 'away'], {
    ft: ['3774', '3775', '3776'],
    '1h': ['3747', '3748', '3749'],
    '2h': ['3756', '3757', '3758'],
  }),
  ...inPeriods('european_handicap', ['home', 'draw', 'away'], {
    ft: ['4724', '4725', '4726', '4727'],
    '1h': ['4716', '4717', '4718', '4719'],
    '2h': ['4720', '4721', '4722', '4723'],
  }),
};

/** One market in its periods: for each the market type's id, then the ids of the outcomes in this order. */
function inPeriods(
  market: MarketKey,
  outcomes: readonly string[],
  ids: Partial<Record<Period, string[]>>,
): BookMarkets {
  return Object.fromEntries(
    periods.flatMap((period) => {
      const [id, ...outcomeIds] = ids[period] ?? [];
      if (!id) return [];
      const named = Object.fromEntries(outcomeIds.map((outcomeId, index) => [outcomeId, outcomes[index] ?? '']));
      return [[id, { market, period, outcomes: named }]];
    }),
  );
}

/**
 * A row's line, seen from home: its `handicap` divided by four. Only without one does the specifier count (a real
 * answer held four times the line there), and the texts of the prices never do: their signs contradict one another.
 */
export function lineOf(market: MarketKey, row: Row, zeroLineLeftOut: boolean): number | null {
  switch (market) {
    case 'over_under':
      return quarters(row.handicap) ?? readLine(row.specifier?.total);
    case 'asian_handicap':
      return quarters(row.handicap) ?? readLine(row.specifier?.hcp) ?? (zeroLineLeftOut ? 0 : null);
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
