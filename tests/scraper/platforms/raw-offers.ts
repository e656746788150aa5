/**
 * A second, independent reading of real answers: by the words the books print for people, where the scraper goes by
 * ids. What both find must be the same.
 */

/** One offered price: `market line outcome price`. */
export type RawOffer = string;

interface RawAnswer {
  offers: RawOffer[];
  /** Outcomes of the seven markets that are shown and cannot be bet on. */
  closed: number;
}

interface SportybetAnswer {
  data: { markets: { desc: string; status: number; outcomes: { desc: string; odds: string; isActive: number }[] }[] };
}

interface Bet9jaAnswer {
  D: { O: Record<string, string> };
}

interface BetpawaPrice {
  name: string;
  odds?: number;
  price?: number;
  suspended?: boolean;
  handicap?: string | null;
}

interface BetpawaAnswer {
  markets: { marketType: { name: string }; row: { prices: BetpawaPrice[] }[] }[];
}

/** SportyBet: a market's description, with its line in it or in each outcome's description. */
export function sportybetOffers(json: unknown): RawAnswer {
  const { data } = json as SportybetAnswer;
  const answer: RawAnswer = { offers: [], closed: 0 };
  for (const market of data.markets) {
    const [, name, tail = ''] = /^([A-Za-z0-9/]+(?: [A-Z][A-Za-z]+)*)(?: (-?[\d.:]+))?$/.exec(market.desc) ?? [];
    for (const one of market.outcomes) {
      const said = sportybetWords(name ?? '', one.desc, tail);
      if (said) note(answer, said, market.status === 0 && one.isActive === 1 ? Number(one.odds) : 0);
    }
  }
  return answer;
}

function sportybetWords(market: string, outcome: string, line: string): string | null {
  const first = outcome.split(' ')[0]?.toLowerCase();
  switch (market) {
    case '1X2':
      return `1x2 null ${first}`;
    case 'Over/Under':
      return `over_under ${outcome.split(' ')[1]} ${first}`;
    case 'GG/NG':
      return `btts null ${first}`;
    case 'Double Chance':
      return `double_chance null ${outcome.toLowerCase().replace(' or ', '_')}`;
    case 'Draw No Bet':
      return `draw_no_bet null ${first}`;
    case 'Asian Handicap':
      return `asian_handicap ${line} ${first}`;
    case 'Handicap':
      return `european_handicap ${line.startsWith('0:') ? `-${line.slice(2)}` : line.slice(0, -2)} ${first}`;
    default:
      return null;
  }
}

/** Bet9ja: a list of patterns over its keys. */
export function bet9jaOffers(json: unknown): RawAnswer {
  const { D } = json as Bet9jaAnswer;
  const answer: RawAnswer = { offers: [], closed: 0 };
  const sides: Record<string, string> = {
    '1': 'home',
    X: 'draw',
    '2': 'away',
    O: 'over',
    U: 'under',
    Y: 'yes',
    N: 'no',
  };
  const patterns: [RegExp, string][] = [
    [/^S_1X2_([1X2])$/, '1x2'],
    [/^S_OU@(\d[\d.]*)_([OU])$/, 'over_under'],
    [/^S_GGNG_([YN])$/, 'btts'],
    [/^S_DC_(1X|12|X2)$/, 'double_chance'],
    [/^S_DNB_([12])$/, 'draw_no_bet'],
    [/^S_AH@(-?[\d.]+)_([12])$/, 'asian_handicap'],
    [/^S_1X2HND@(-?[\d.]+)_([1X2])H$/, 'european_handicap'],
  ];
  for (const [key, value] of Object.entries(D.O)) {
    for (const [pattern, market] of patterns) {
      const found = pattern.exec(key);
      if (!found) continue;
      const outcome = (found.at(-1) ?? '')
        .split('')
        .map((side) => sides[side])
        .join('_');
      note(answer, `${market} ${found.length === 3 ? found[1] : null} ${outcome}`, Number(value));
    }
  }
  return answer;
}

/** BetPawa: a market's name, a price's name, and the line as the home (or over) price of the row prints it. */
export function betpawaOffers(json: unknown): RawAnswer {
  const event = json as BetpawaAnswer;
  const names: Record<string, string> = {
    '1X2 - FT': '1x2',
    'Total Score Over/Under - FT': 'over_under',
    'Both Teams To Score - FT': 'btts',
    'Double Chance - FT': 'double_chance',
    'Draw No Bet - FT': 'draw_no_bet',
    'Asian Handicap - FT': 'asian_handicap',
    'Handicap 1X2 - FT': 'european_handicap',
  };
  const sides: Record<string, string> = {
    '1': 'home',
    X: 'draw',
    '2': 'away',
    '1X': 'home_draw',
    X2: 'draw_away',
    '12': 'home_away',
  };
  const answer: RawAnswer = { offers: [], closed: 0 };
  for (const { marketType, row } of event.markets) {
    const market = names[marketType.name];
    if (!market) continue;
    for (const { prices } of row) {
      const printed = prices[0]?.handicap;
      const line = printed ? String(Number(printed.replace('Home ', ''))) : 'null';
      for (const price of prices) {
        const outcome = sides[price.name] ?? price.name.toLowerCase();
        note(answer, `${market} ${line} ${outcome}`, price.suspended ? 0 : (price.odds ?? price.price ?? 0));
      }
    }
  }
  return answer;
}

function note(answer: RawAnswer, said: string, price: number): void {
  if (price > 1) answer.offers.push(`${said} ${price}`);
  else answer.closed += 1;
}
