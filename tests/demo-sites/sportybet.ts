/** SportyBet as it answers: an envelope with bizCode, one market entry per line, prices as text with two decimals. */
import { idKey, type DemoMarket } from './markets.ts';
import type { DemoMatch, DemoWorld } from './matches.ts';
import { quote } from './matches.ts';
import { html, json, type Reply, type SiteDefinition, type SiteRequest } from './definition.ts';

const api = '/api/ng/factsCenter';

/** Our page size is 100, which the real one gives; here it is fewer, so that 48 events need several pages. */
const longestPage = ({ longPages }: DemoWorld) => (longPages ? 100 : 20);

const ids: Record<string, { id: string; desc: string; outcomes: Record<string, string> }> = {
  '1x2': { id: '1', desc: '1X2', outcomes: { home: '1', draw: '2', away: '3' } },
  '1x2 1h': { id: '60', desc: '1st Half - 1X2', outcomes: { home: '1', draw: '2', away: '3' } },
  'over_under 1h': { id: '68', desc: '1st Half - Over/Under', outcomes: { over: '12', under: '13' } },
  over_under: { id: '18', desc: 'Over/Under', outcomes: { over: '12', under: '13' } },
  btts: { id: '29', desc: 'GG/NG', outcomes: { yes: '74', no: '76' } },
  double_chance: { id: '10', desc: 'Double Chance', outcomes: { home_draw: '9', home_away: '10', draw_away: '11' } },
  draw_no_bet: { id: '11', desc: 'Draw No Bet', outcomes: { home: '4', away: '5' } },
  asian_handicap: { id: '16', desc: 'Asian Handicap', outcomes: { home: '1714', away: '1715' } },
  european_handicap: { id: '14', desc: 'Handicap', outcomes: { home: '1711', draw: '1712', away: '1713' } },
};

/** The demo site. Its firewall answers 202 with nothing in it. */
export const sportybet: SiteDefinition = {
  variable: 'SPORTYBET_URL',
  blockPage: { status: 202, type: '', body: '' },
  neededField: 'odds',
  itemKey: (request) => (request.path === `${api}/event` ? request.query.eventId : undefined),
  matchOf: (itemKey, world) => world.matches.find((match) => eventId(match) === itemKey),
  answer(request, world) {
    switch (request.path) {
      case `${api}/event`:
        return event(request, world);
      case `${api}/pcUpcomingEvents`:
        return upcoming(request, world);
      case `${api}/pcEvents`:
        return competition(request, world);
      case `${api}/popularAndSportList`:
        return sportList(world);
      default:
        return html(404, '<html><body>Not Found</body></html>');
    }
  },
};

function event(request: SiteRequest, world: DemoWorld): Reply {
  const match = world.matches.find((one) => eventId(one) === request.query.eventId);
  if (!match) return json({ bizCode: 19000, message: 'Invalid', data: {} });
  return success({ ...head(match), markets: [...marketsOf(match, world), ...strangers(match)] });
}

function upcoming(request: SiteRequest, world: DemoWorld): Reply {
  const size = Math.min(Number(request.query.pageSize), longestPage(world));
  const page = Number(request.query.pageNum);
  if (request.query.sportId !== 'sr:sport:1' || !(size > 0) || !(page > 0)) {
    return json({ bizCode: 19000, message: 'Invalid', data: {} });
  }
  const wanted = new Set((request.query.marketId ?? '').split(','));
  const rows = world.matches.slice((page - 1) * size, page * size);
  const groups = [...new Set(rows.map((match) => match.group))];
  return success({
    totalNum: world.matches.length,
    tournaments: groups.map((group) => ({
      id: tournamentId(group.number),
      name: group.name,
      events: rows
        .filter((match) => match.group === group)
        .map((match) => ({
          ...head(match),
          markets: marketsOf(match, world).filter((market) => wanted.has(market.id)),
          totalMarketSize: 300,
        })),
      categoryName: group.country,
      categoryId: 'sr:category:291',
    })),
  });
}

/** Asked by POST for one tournament at a time; one that is not known is an empty list. */
function competition(request: SiteRequest, world: DemoWorld): Reply {
  const [asked] = JSON.parse(request.body || '[]') as { sportId?: string; tournamentId?: string[][] }[];
  const id = asked?.tournamentId?.[0]?.[0];
  if (request.method !== 'POST' || asked?.sportId !== 'sr:sport:1' || !id) {
    return json({ bizCode: 19000, message: 'Invalid', data: {} });
  }
  const rows = world.matches.filter(({ group }) => tournamentId(group.number) === id);
  if (!rows[0]) return success([]);
  return success([{ id, name: rows[0].group.name, events: rows.map((match) => ({ ...head(match), markets: [] })) }]);
}

function tournamentId(group: number): string {
  return `sr:tournament:${90_000 + group}`;
}

function sportList(world: DemoWorld): Reply {
  const groups = [...new Set(world.matches.map((match) => match.group))];
  const tournaments = groups.map((group) => ({
    id: tournamentId(group.number),
    name: group.name,
    eventSize: world.matches.filter((match) => match.group === group).length,
  }));
  const categories = [{ id: 'sr:category:291', name: 'World', eventSize: world.matches.length, tournaments }];
  return success({
    sportList: [{ id: 'sr:sport:1', name: 'Football', eventSize: world.matches.length, categories }],
  });
}

function success(data: unknown): Reply {
  return json({ bizCode: 10000, message: '0#0', data });
}

function eventId(match: DemoMatch): string {
  return `sr:match:${match.sportradarId}`;
}

function head(match: DemoMatch) {
  const source = { sourceType: 'BET_RADAR', sourceId: match.sportradarId };
  const tournament = { id: tournamentId(match.group.number), name: match.group.name };
  return {
    eventId: eventId(match),
    gameId: String(40_000 + match.number),
    productStatus: '0#0',
    estimateStartTime: match.kickoff.getTime(),
    status: 0,
    matchStatus: 'Not start',
    homeTeamId: `sr:competitor:${2 * match.number}`,
    homeTeamName: match.home,
    awayTeamName: match.away,
    awayTeamId: `sr:competitor:${2 * match.number + 1}`,
    sport: {
      id: 'sr:sport:1',
      name: 'Football',
      category: { id: 'sr:category:291', name: match.group.country, tournament },
    },
    bookingStatus: 'Booked',
    topTeam: false,
    eventSource: { preMatchSource: source, liveSource: source },
    banned: false,
  };
}

function marketsOf(match: DemoMatch, world: DemoWorld) {
  return match.markets.map((market) => {
    const { id, desc, outcomes } = ids[idKey(market)]!;
    const quotes = market.outcomes.map((one) => ({ ...quote(world, 'sportybet', match, market, one), ...one }));
    return {
      id,
      ...(market.line !== null && { specifier: specifier(market) }),
      product: 3,
      desc,
      status: quotes.every(({ state }) => state === 'suspended') ? 1 : 0,
      favourite: 0,
      outcomes: quotes.map(({ outcome, price, state, win }) => ({
        id: outcomes[outcome],
        odds: price.toFixed(2),
        probability: win.toFixed(10),
        voidProbability: '0E-10',
        isActive: state === 'open' ? 1 : 0,
        desc: outcome,
      })),
      farNearOdds: 0,
      sourceType: 'BET_RADAR',
      lastOddsChangeTime: match.kickoff.getTime() - 86_400_000,
      banned: false,
    };
  });
}

function specifier({ market, line }: DemoMarket): string {
  if (market === 'over_under') return `total=${line}`;
  if (market === 'asian_handicap') return `hcp=${line}`;
  return line! < 0 ? `hcp=0:${-line!}` : `hcp=${line}:0`;
}

/** Markets that are none of ours and look like ours: promotions, one side's goals, ten minutes only, odd or even. */
function strangers(match: DemoMatch) {
  const market = (id: string, given: string | null, outcomes: string[]) => ({
    id,
    ...(given && { specifier: given }),
    product: 3,
    desc: 'Other',
    status: 0,
    outcomes: outcomes.map((one) => ({ id: one, odds: (1.5 + match.number / 100).toFixed(2), isActive: 1, desc: one })),
  });
  return [
    market('60200', null, ['1', '2', '3']),
    market('69', 'total=0.5', ['12', '13']),
    market('26', null, ['70', '72']),
    market('900', 'minsnr=10|total=1.5', ['12', '13']),
  ];
}
