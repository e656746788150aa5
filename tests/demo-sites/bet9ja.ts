/** Bet9ja as it answers: `R` and `D`, one flat object of odds keys, collections now as a list and now as an object. */
import type { DemoGroup, DemoMatch, DemoWorld } from './matches.ts';
import { idKey } from './markets.ts';
import { quote } from './matches.ts';
import { html, json, type Reply, type SiteDefinition, type SiteRequest } from './definition.ts';

const feed = '/desktop/feapi/PalimpsestAjax';

const codes: Record<string, { code: string; outcomes: Record<string, string> }> = {
  '1x2': { code: 'S_1X2', outcomes: { home: '1', draw: 'X', away: '2' } },
  '1x2 1h': { code: 'S_1X21T', outcomes: { home: '1', draw: 'X', away: '2' } },
  'over_under 1h': { code: 'S_OU1T', outcomes: { over: 'O', under: 'U' } },
  over_under: { code: 'S_OU', outcomes: { over: 'O', under: 'U' } },
  btts: { code: 'S_GGNG', outcomes: { yes: 'Y', no: 'N' } },
  double_chance: { code: 'S_DC', outcomes: { home_draw: '1X', home_away: '12', draw_away: 'X2' } },
  draw_no_bet: { code: 'S_DNB', outcomes: { home: '1', away: '2' } },
  asian_handicap: { code: 'S_AH', outcomes: { home: '1', away: '2' } },
  european_handicap: { code: 'S_1X2HND', outcomes: { home: '1H', draw: 'XH', away: '2H' } },
};

/** The demo site. Those it does not want see a challenge page. */
export const bet9ja: SiteDefinition = {
  variable: 'BET9JA_URL',
  blockPage: html(
    403,
    '<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking your browser before accessing sports.bet9ja.com</body></html>',
  ),
  neededField: 'O',
  itemKey: (request) => (request.path === `${feed}/GetEvent` ? request.query.EVENTID : undefined),
  matchOf: (itemKey, world) => world.matches.find((match) => String(eventId(match)) === itemKey),
  answer(request, world) {
    switch (request.path) {
      case `${feed}/GetSports`:
        return sports(world);
      case `${feed}/GetEventsInGroupV2`:
      case `${feed}/GetEventsInGroup`:
        return groupEvents(request, world);
      case `${feed}/GetEvent`:
        return event(request, world);
      default:
        return html(404, '<html><body>Not Found</body></html>');
    }
  },
};

function sports(world: DemoWorld): Reply {
  const groups = [...new Set(world.matches.map(({ group }) => group))];
  const countries = [...new Set(groups.map(({ country }) => country))];
  const soccer = countries.map((country, index) => {
    const mine = groups.filter((group) => group.country === country);
    const entries = mine.map((group) => {
      const size = world.matches.filter((match) => match.group === group).length;
      return [groupId(group), { G_DESC: group.name, NUM: size }] as const;
    });
    const idle = [970_900 + index, { G_DESC: 'Winter Shield', NUM: 0 }] as const;
    return [91_000 + index, { SG_DESC: country, NUM: mine.length, G: Object.fromEntries([...entries, idle]) }] as const;
  });
  const outrights = { SG_DESC: 'World', NUM: 1, G: { 999_001: { G_DESC: 'Champion', NUM: 1 } } };
  return json({
    R: 'OK',
    D: {
      PAL: {
        1: { S_DESC: 'Soccer', NUM: world.matches.length, SG: Object.fromEntries(soccer) },
        2: { S_DESC: 'Basketball', NUM: 0, SG: [] },
        301: { S_DESC: 'Soccer Players', NUM: 1, SG: { 91_901: outrights } },
        302: { S_DESC: 'Soccer Antepost', NUM: 1, SG: { 91_902: outrights } },
        400: { S_DESC: 'Zoom Soccer', NUM: 1, SG: { 91_903: outrights } },
      },
    },
  });
}

/** Groups with an even number come as an object instead of a list. */
function groupEvents(request: SiteRequest, world: DemoWorld): Reply {
  const matches = world.matches.filter(({ group }) => String(groupId(group)) === request.query.GROUPID);
  const rows = matches.map((match) => ({ ...head(match), O: oddsOf(match, world, ['1x2', 'double_chance']) }));
  return json({ R: 'OK', D: { E: (matches[0]?.group.number ?? 1) % 2 === 0 ? Object.assign({}, rows) : rows } });
}

function event(request: SiteRequest, world: DemoWorld): Reply {
  const match = world.matches.find((one) => String(eventId(one)) === request.query.EVENTID);
  if (!match) return json({ R: 'E', D: [] });
  const market = { ID: 'S_1X2', DS: '1X2', MARKETID: '353', SGN: ['1', 'X', '2'], SGNK: ['1', 'X', '2'] };
  return json({
    R: 'OK',
    D: {
      ...head(match),
      O: { ...oddsOf(match, world, Object.keys(codes)), ...strangers(match) },
      AUX: { S_OU: { '2.5': 2.5 } },
      MK: [market],
      TRANS: { 'M#S_1X2': { NAME: '1X2', DESC: 'Text.' }, 'M#S_1X2_1': '1' },
    },
  });
}

function head(match: DemoMatch) {
  return {
    INCTYPE: 0,
    ST: 1,
    GID: groupId(match.group),
    C: String(1000 + match.number),
    STARTDATE: match.kickoff.toISOString().slice(0, 19).replace('T', ' '),
    SGID: 91_000,
    EXTID: match.sportradarId,
    DS: `${match.home} - ${match.away}`,
    SID: 1,
    ID: eventId(match),
    TYPE: 0,
    GN: match.group.name,
    SG: match.group.country,
    S: 'Soccer',
    EXCLUDED_BONUS: [],
    IS_BOOSTED: false,
  };
}

/** Prices lose their trailing zeros; what is closed reads `-`, what is dead reads `1`. */
function oddsOf(match: DemoMatch, world: DemoWorld, markets: string[]): Record<string, string> {
  const odds: Record<string, string> = {};
  for (const market of match.markets.filter((one) => markets.includes(idKey(one)))) {
    const { code, outcomes } = codes[idKey(market)]!;
    for (const one of market.outcomes) {
      const { price, state } = quote(world, 'bet9ja', match, market, one);
      const key = `${code}${market.line === null ? '' : `@${market.line}`}_${outcomes[one.outcome]}`;
      odds[key] = state === 'open' ? String(price) : state === 'dead' ? '1' : '-';
    }
  }
  return odds;
}

/** Keys that look like ours: promotions of 1X2, Asian totals, team totals, scores of the first half, multi-goal double chance. */
function strangers(match: DemoMatch): Record<string, string> {
  const price = (1.5 + match.number / 100).toFixed(2);
  return {
    S_1X21_11: price,
    S_1X21_X1: price,
    S_1X21_21: price,
    S_1X22_12: price,
    S_1X22_X2: price,
    S_1X22_22: price,
    'S_OUA@2.25_O': price,
    'S_OUA@2.25_U': price,
    'S_HAOU@1.5_OH': price,
    'S_CS1T_1:0': price,
    'S_HA1HOU@0.5_HO': price,
    'S_DCMULTI4-5_1X': '1',
    'S_TOTAL1T2T_3+AND1+N': '1',
  };
}

function groupId(group: DemoGroup): number {
  return 970_000 + group.number;
}

function eventId(match: DemoMatch): number {
  return 800_000_000 + match.number;
}
