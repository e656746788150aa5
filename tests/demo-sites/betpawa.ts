/** betPawa as it answers: version 4, which leaves out false, null and 0, writes counts as text and lines times four. */
import { idKey, type DemoMarket } from './markets.ts';
import type { DemoMatch, DemoWorld } from './matches.ts';
import { quote } from './matches.ts';
import { html, json, type Reply, type SiteDefinition, type SiteRequest } from './definition.ts';

const api = '/api/sportsbook/v4';

/** The most rows in one answer: as the real one, or below the 50 that are asked for, as a short slice is not the last one. */
const mostRows = ({ longPages }: DemoWorld) => (longPages ? 50 : 20);

const ids: Record<string, { id: string; name: string; line?: string; outcomes: Record<string, string> }> = {
  '1x2': { id: '3743', name: '1X2 - FT', outcomes: { home: '3744', draw: '3745', away: '3746' } },
  '1x2 1h': { id: '3668', name: '1X2 - 1H', outcomes: { home: '3669', draw: '3670', away: '3671' } },
  'over_under 1h': {
    id: '4958',
    name: 'Total Score Over/Under - 1H',
    line: 'total',
    outcomes: { over: '4959', under: '4960' },
  },
  double_chance: {
    id: '4693',
    name: 'Double Chance - FT',
    outcomes: { home_draw: '4694', draw_away: '4695', home_away: '4696' },
  },
  btts: { id: '3795', name: 'Both Teams To Score - FT', outcomes: { yes: '3796', no: '3797' } },
  over_under: {
    id: '5000',
    name: 'Total Score Over/Under - FT',
    line: 'total',
    outcomes: { over: '5001', under: '5002' },
  },
  european_handicap: {
    id: '4724',
    name: 'Handicap 1X2 - FT',
    line: 'hcp',
    outcomes: { home: '4725', draw: '4726', away: '4727' },
  },
  asian_handicap: { id: '3774', name: 'Asian Handicap - FT', line: 'hcp', outcomes: { home: '3775', away: '3776' } },
  draw_no_bet: { id: '4703', name: 'Draw No Bet - FT', outcomes: { home: '4704', away: '4705' } },
};

interface Query {
  query?: { eventType?: string; categories?: string[]; zones?: { competitions?: string[] } };
  view?: { marketTypes?: string[] };
  skip?: number;
  take?: number;
}

const notFound: Reply = { status: 404, type: 'text/plain', body: '404 NOT_FOUND' };

/** The demo site. It refuses by country, speaks protobuf to those who do not ask for JSON, and has retired version 3. */
export const betpawa: SiteDefinition = {
  variable: 'BETPAWA_URL',
  blockPage: html(
    403,
    '<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head><body>Sorry, you have been blocked</body></html>',
  ),
  neededField: 'odds',
  itemKey: (request) => /^\/api\/sportsbook\/v4\/events\/(\d+)$/.exec(request.path)?.[1],
  matchOf: (itemKey, world) => world.matches.find((match) => eventId(match) === itemKey),
  answer(request, world) {
    if (request.headers['x-pawa-brand'] !== 'betpawa-nigeria') {
      return html(
        200,
        '<!doctype html><html><head><title>betPawa</title></head><body><div id=app></div></body></html>',
      );
    }
    if (request.path === `${api}/categories/list/all`) return categories(world);
    if (request.path === `${api}/categories/list/2`) return regions(world);
    const reply = request.path === `${api}/events/lists/by-queries` ? lists(request, world) : event(request, world);
    const wantsJson = request.headers.accept?.includes('application/json');
    if (wantsJson || reply.status !== 200) return reply;
    return { status: 200, type: 'application/x-protobuf', body: Uint8Array.of(10, 44, 10, 42, 10, 8, 52, 48) };
  },
};

function lists(request: SiteRequest, world: DemoWorld): Reply {
  const { queries = [] } = JSON.parse(request.query.q ?? '{}') as { queries?: Query[] };
  const responses = queries.map(({ query, view, skip = 0, take = mostRows(world) }) => {
    if (query?.eventType !== 'UPCOMING' || !query.categories?.includes('2')) return {};
    const zones = query.zones?.competitions;
    const matches = world.matches.filter((match) => !zones || zones.includes(competitionId(match)));
    const rows = matches.slice(skip, skip + Math.min(take, mostRows(world)));
    return { responses: rows.map((match) => wholeEvent(match, world, view?.marketTypes)) };
  });
  return json({ responses });
}

function event(request: SiteRequest, world: DemoWorld): Reply {
  const key = betpawa.itemKey(request);
  const match = world.matches.find((one) => eventId(one) === key);
  return match ? json(wholeEvent(match, world)) : notFound;
}

function categories(world: DemoWorld): Reply {
  const football = { category: { id: '2', name: 'Football' }, eventCounts: { upcoming: world.matches.length } };
  return json({ onlyMeta: [football, { category: { id: '3', name: 'Basketball' }, eventCounts: {} }] });
}

function regions(world: DemoWorld): Reply {
  const countries = [...new Set(world.matches.map(({ group }) => group.country))];
  const competitions = (country: string) =>
    new Map(world.matches.filter(({ group }) => group.country === country).map((one) => [one.group, one]));
  return json({
    withRegions: [
      {
        category: { id: '2', name: 'Football' },
        regions: countries.map((country, index) => ({
          region: { id: String(160 + index), name: country },
          competitions: [...competitions(country).values()].map((match) => ({
            competition: { id: competitionId(match), name: match.group.name },
          })),
        })),
      },
    ],
  });
}

function wholeEvent(match: DemoMatch, world: DemoWorld, only?: string[]) {
  const types = Object.keys(ids).filter((market) => !only || only.includes(ids[market]!.id));
  return {
    id: eventId(match),
    name: `${match.home} - ${match.away}`,
    widgets: [
      { id: match.sportradarId, type: 'SPORTRADAR', retention: 'PREMATCH' },
      { id: match.geniusId, type: 'GENIUSSPORTS' },
      { id: match.sportradarId, type: 'SPORTRADAR', retention: 'INPLAY' },
    ],
    participants: [
      { id: String(6_000_000 + 2 * match.number), name: match.home, position: 1 },
      { id: String(6_000_001 + 2 * match.number), name: match.away, position: 2 },
    ],
    startTime: match.kickoff.toISOString().replace('.000Z', 'Z'),
    markets: [...types.map((market) => marketOf(market, match, world)), ...(only ? [] : strangers(match))],
    totalMarketCount: '87',
    category: { id: '2', name: 'Football' },
    region: { id: '160', name: match.group.country },
    competition: { id: competitionId(match), name: match.group.name },
    additionalInfo: { inplayBooked: true, inplayBookedActual: true },
    version: '64',
  };
}

function marketOf(name: string, match: DemoMatch, world: DemoWorld) {
  const { id, name: title, line: lineName, outcomes } = ids[name]!;
  const lines = match.markets.filter((market) => idKey(market) === name);
  const row = (market: DemoMarket, index: number) => ({
    id: String(1_500_000_000 + match.number * 100 + index),
    ...(market.line && { handicap: market.line * 4 }),
    ...(lineName && { specifier: { [lineName]: String(market.line) } }),
    prices: market.outcomes.map((one) => {
      const { price, state } = quote(world, 'betpawa', match, market, one);
      return {
        id: String(1_600_000_000 + match.number),
        name: one.outcome,
        typeId: outcomes[one.outcome],
        odds: price,
        displayName: one.outcome,
        additionalInfo: { anyUp: 'NO_UP' },
        probability: { win: one.win, refund: one.refund },
        ...(state !== 'open' && { suspended: true }),
      };
    }),
  });
  return {
    marketType: { id, name: title, displayName: title, priority: 1, tabs: ['all'] },
    row: lines.map(row),
    additionalInfo: { cashoutable: true },
  };
}

/** Markets that are none of ours: the promotion of 1X2, and odd or even. */
function strangers(match: DemoMatch) {
  const market = (id: string, name: string, typeIds: string[]) => ({
    marketType: { id, name, displayName: name, priority: 90, tabs: ['all'] },
    row: [{ id: `${id}1`, prices: typeIds.map((typeId) => ({ typeId, name, odds: 1.5 + match.number / 100 })) }],
  });
  return [market('28000810', '1X2 1UP - FT', ['28000811', '28000812']), market('4833', 'Odd/Even - FT', ['4834'])];
}

function eventId(match: DemoMatch): string {
  return String(40_000_000 + match.number);
}

function competitionId(match: DemoMatch): string {
  return String(91_960 + match.group.number);
}
