/**
 * A second, independent reading of real answers: by the words the books print for people, where the scraper goes by
 * ids. What both find must be the same.
 */
import type { Price } from '#scraper/result.ts';
import type { Book } from '../../helpers/captures.ts';

/** One offered price: `market period line outcome price`. */
export type RawOffer = string;

interface RawAnswer {
  offers: RawOffer[];
  /** Outcomes of the seven markets that are shown and cannot be bet on. */
  closed: number;
}

interface SportybetMarket {
  id: string;
  specifier?: string;
  desc: string;
  status: number;
  outcomes: { id: string; desc: string; odds: string; isActive: number }[];
}

interface BetpawaPrice {
  typeId: string;
  name: string;
  odds?: number;
  price?: number;
  suspended?: boolean;
  handicap?: string | null;
}

interface BetpawaMarket {
  marketType: { id: string; name: string };
  row: { prices: BetpawaPrice[] }[];
}

interface Bet9jaAnswer {
  D: { O: Record<string, string>; MK?: { ID: string; DS: string; SGN: string[]; SGNK: string[] }[] };
}

/** The second reading of each book. */
export const rawOffers: Record<Book, (json: unknown) => RawAnswer> = {
  sportybet: sportybetOffers,
  bet9ja: bet9jaOffers,
  betpawa: betpawaOffers,
};

/** The period in front of or behind a market's name, and the name without it. */
function periodOf(name: string): { period: string; name: string } {
  const front = /^(1st|2nd) Half - (.+)$/.exec(name);
  if (front) return { period: front[1] === '1st' ? '1h' : '2h', name: front[2] ?? '' };
  const back = /^(.+) - (FT|1H|2H)$/.exec(name);
  return back ? { period: (back[2] ?? '').toLowerCase(), name: back[1] ?? '' } : { period: 'ft', name };
}

/** SportyBet: a market's description; its line stands there, or in brackets behind the first outcome, which is home. */
function sportybetOffers(json: unknown): RawAnswer {
  const { data } = json as { data: { markets: SportybetMarket[] } };
  const answer: RawAnswer = { offers: [], closed: 0 };
  for (const market of data.markets) {
    const { period, name: rest } = periodOf(market.desc);
    const [, name, tail = ''] = /^([A-Za-z0-9/]+(?: [A-Z][A-Za-z]+)*)(?: (-?[\d.:]+))?$/.exec(rest) ?? [];
    const line = tail || (/\(([-+\d.:]+)\)$/.exec(market.outcomes[0]?.desc ?? '')?.[1] ?? '');
    for (const one of market.outcomes) {
      const said = sportybetWords(name ?? '', one.desc, line, period);
      if (said) note(answer, said, market.status === 0 && one.isActive === 1 ? Number(one.odds) : 0);
    }
  }
  return answer;
}

function sportybetWords(market: string, outcome: string, line: string, period: string): string | null {
  const first = outcome.split(' ')[0]?.toLowerCase();
  switch (market) {
    case '1X2':
      return `1x2 ${period} null ${first}`;
    case 'Over/Under':
      return `over_under ${period} ${outcome.split(' ')[1]} ${first}`;
    case 'GG/NG':
      return `btts ${period} null ${first}`;
    case 'Double Chance':
      return `double_chance ${period} null ${outcome.toLowerCase().replace(' or ', '_')}`;
    case 'Draw No Bet':
      return `draw_no_bet ${period} null ${first}`;
    case 'Asian Handicap':
      return `asian_handicap ${period} ${Number(line)} ${first}`;
    case 'Handicap':
      return `european_handicap ${period} ${line.startsWith('0:') ? `-${line.slice(2)}` : line.slice(0, -2)} ${first}`;
    default:
      return null;
  }
}

const sides: Record<string, string> = {
  '1': 'home',
  X: 'draw',
  '2': 'away',
  '1X': 'home_draw',
  X2: 'draw_away',
  '12': 'home_away',
  GG: 'yes',
  NG: 'no',
};

/** Bet9ja: the answer's own dictionary of markets, whose `SGN` are the words of the suffixes in `SGNK`. */
function bet9jaOffers(json: unknown): RawAnswer {
  const { O, MK = [] } = (json as Bet9jaAnswer).D;
  const names: Record<string, string> = {
    '1X2': '1x2',
    'Over/Under': 'over_under',
    'Goal/No Goal': 'btts',
    'Double Chance': 'double_chance',
    'Draw No Bet': 'draw_no_bet',
    'Asian Handicap': 'asian_handicap',
    Handicap: 'european_handicap',
  };
  const answer: RawAnswer = { offers: [], closed: 0 };
  for (const { ID, DS, SGN, SGNK } of MK) {
    const { period, name } = periodOf(DS);
    const market = names[name];
    if (!market) continue;
    for (const [key, value] of Object.entries(O)) {
      if (!key.startsWith(`${ID}_`) && !key.startsWith(`${ID}@`)) continue;
      const [line = '', ...suffix] = key.slice(ID.length).split('_');
      const word = SGN[SGNK.indexOf(suffix.join('_'))]?.trim() ?? 'nobody knows';
      const outcome = sides[word] ?? word.toLowerCase();
      note(answer, `${market} ${period} ${line === '' ? null : line.slice(1)} ${outcome}`, Number(value));
    }
  }
  return answer;
}

/** BetPawa: a market's name, a price's name, and the line as the home (or over) price of the row prints it. */
function betpawaOffers(json: unknown): RawAnswer {
  const names: Record<string, string> = {
    '1X2': '1x2',
    'Total Score Over/Under': 'over_under',
    'Both Teams To Score': 'btts',
    'Double Chance': 'double_chance',
    'Draw No Bet': 'draw_no_bet',
    'Asian Handicap': 'asian_handicap',
    'Handicap 1X2': 'european_handicap',
  };
  const answer: RawAnswer = { offers: [], closed: 0 };
  for (const { marketType, row } of (json as { markets: BetpawaMarket[] }).markets) {
    const { period, name } = periodOf(marketType.name);
    const market = names[name];
    if (!market) continue;
    for (const { prices } of row) {
      const printed = prices[0]?.handicap;
      const line = printed ? String(Number(printed.replace('Home ', ''))) : 'null';
      for (const price of prices) {
        const outcome = sides[price.name] ?? price.name.toLowerCase();
        note(answer, `${market} ${period} ${line} ${outcome}`, price.suspended ? 0 : (price.odds ?? price.price ?? 0));
      }
    }
  }
  return answer;
}

function note(answer: RawAnswer, said: string, price: number): void {
  if (price > 1) answer.offers.push(`${said} ${price}`);
  else answer.closed += 1;
}

/** Whether the answer has this very price under the ids that were kept of it, verbatim. */
export function isSourced(book: Book, json: unknown, price: Price): boolean {
  const { sourceMarketId: market, sourceOutcomeId: outcome } = price;
  switch (book) {
    case 'sportybet': {
      const { data } = json as { data: { markets: SportybetMarket[] } };
      const found = data.markets.filter(({ id }) => id === market).flatMap(({ outcomes }) => outcomes);
      return found.some(({ id, odds }) => id === outcome && Number(odds) === price.price);
    }
    case 'bet9ja':
      return Number((json as Bet9jaAnswer).D.O[`${market}_${outcome}`]) === price.price;
    case 'betpawa': {
      const { markets } = json as { markets: BetpawaMarket[] };
      const rows = markets.filter(({ marketType }) => marketType.id === market).flatMap(({ row }) => row);
      const found = rows.flatMap(({ prices }) => prices);
      return found.some((one) => one.typeId === outcome && (one.odds ?? one.price) === price.price);
    }
  }
}
