import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { Environment, loadConfig, proxyVariable } from '#bot/config.ts';
import { ConfigError } from '#db/environment.ts';
import { platforms } from '#scraper/index.ts';

function faultsOf(env: Record<string, string>, settings: unknown = {}): readonly string[] {
  try {
    loadConfig(env, settings, platforms);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

describe('the configuration', () => {
  it('needs nothing: everything has a default', () => {
    const config = loadConfig({}, {}, platforms);
    expect(config).toMatchObject({ databaseUrl: null, dataDir: '.data', port: 3000, worker: true });
    expect(config.settings).toMatchObject({ parallelPlatforms: 2, retry: { attempts: 3 } });
    expect(Object.keys(config.baseUrls)).toEqual(platforms.map((platform) => platform.id));
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadConfig({ DATABASE_URL: '', PORT: '' }, {}, platforms)).toMatchObject({ databaseUrl: null, port: 3000 });
  });

  it('names every fault at once, each with what would be right', () => {
    const faults = faultsOf(
      { DATABASE_URL: 'mysql://x', PORT: 'http', WORKER: 'maybe', LOG_LEVEL: 'loud', BET9JA_URL: 'ftp://x' },
      { parallelPlatforms: 0, pace: { betking: {} } },
    );
    expect(faults).toHaveLength(6);
    expect(faults.join('\n')).toMatch(/DATABASE_URL must be a postgres/);
    expect(faults.join('\n')).toMatch(/PORT must be a port number/);
    expect(faults.join('\n')).toMatch(/WORKER must be on or off/);
    expect(faults.join('\n')).toMatch(/LOG_LEVEL must be one of/);
    expect(faults.join('\n')).toMatch(/BET9JA_URL must be an http/);
    expect(faults.join('\n')).toMatch(/parallelPlatforms/);
  });

  it('takes a proxy per platform, with its password, and repeats none that is wrong', () => {
    const proxy = 'http://ada:PASS%40WORD@proxy.example:3128';
    expect(loadConfig({ BET9JA_PROXY: proxy, BETPAWA_PROXY: '' }, {}, platforms).proxyUrls).toEqual({ bet9ja: proxy });
    const faults = faultsOf({ BET9JA_PROXY: 'socks5://ada:PASSWORD@proxy', BETPAWA_PROXY: 'PASSWORD' });
    expect(faults).toEqual(
      ['BET9JA_PROXY', 'BETPAWA_PROXY'].map(
        (name) => `${name} must be an http:// or https:// address, with user and password if the proxy asks for them`,
      ),
    );
  });

  it('says what attempts can have rules of their own for', () => {
    const rules = [{ kinds: ['blocked'], attempts: 5 }];
    expect(faultsOf({}, { retry: { rules } }).join()).toMatch(
      /retry\.rules.*expected one of unreachable, rate_limited,/,
    );
  });

  it('says which platform of the settings file nobody knows', () => {
    expect(faultsOf({}, { pace: { betking: {} } }).join()).toMatch(/no platform "betking"; known are sportybet/);
  });

  it('names what is wrong with a route: its surface, its channel, its platforms', () => {
    const slack = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', SLACK_CHANNEL: 'C1' };
    const wrong = [
      { surface: 'slack', channel: '#ops' },
      { surface: 'discord', channel: 'C0OPS' },
      { surface: 'irc', channel: 'x' },
    ];
    const faults = faultsOf(slack, { routes: wrong }).join('\n');
    expect(faults).toMatch(/routes\.0\.channel: must be the id of a channel, like C0123456789/);
    expect(faults).toMatch(/routes\.1\.channel: must be the id of a channel: a long number/);
    expect(faults).toMatch(/routes\.2.*must be slack or discord/);
    const unknown = [{ surface: 'slack', channel: 'C0OPS', platforms: ['betking'] }];
    expect(faultsOf(slack, { routes: unknown }).join()).toMatch(/no platform "betking"; known are sportybet/);
    const unset = { routes: [{ surface: 'discord', channel: '42' }] };
    expect(faultsOf(slack, unset)).toEqual([
      expect.stringMatching(/routes: Discord is not set up: follow docs\/discord\.md/),
    ]);
    // A worker tells nobody anything, so it needs no token for it.
    expect(() => loadConfig({}, unset, platforms, { speaks: false })).not.toThrow();
  });

  it('refuses a word it does not know in the settings file, instead of ignoring it', () => {
    expect(faultsOf({}, { paralelPlatforms: 3 }).join()).toMatch(/paralelPlatforms/);
  });

  it('says everything that is wrong with what is set up in part, together with all other faults', () => {
    const faults = faultsOf({
      PORT: '99999',
      SLACK_BOT_TOKEN: 'xoxb-1 ',
      DISCORD_TOKEN: 'Bot abc',
      DISCORD_GUILD: '1',
    });
    expect(faults.map((fault) => fault.split(' ').slice(0, 3).join(' ')).sort()).toEqual([
      'DISCORD_CHANNEL is missing:',
      'DISCORD_TOKEN must be',
      'PORT must be',
      'SLACK_APP_TOKEN is missing:',
      'SLACK_BOT_TOKEN must be',
      'SLACK_CHANNEL is missing:',
    ]);
    for (const fault of faults) expect(fault).not.toMatch(/xoxb-1|abc|Too big/);
  });

  it('takes Slack over connections of ours with an app token, and over HTTP with a signing secret alone', () => {
    const slack = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_CHANNEL: 'C1' };
    const SLACK_SIGNING_SECRET = '0123456789abcdef0123456789abcdef';
    const of = (env: Record<string, string>) => loadConfig({ ...slack, ...env }, {}, platforms).slack;
    expect(of({ SLACK_APP_TOKEN: 'xapp-1' })).toMatchObject({ appToken: 'xapp-1', http: null });
    expect(of({ SLACK_APP_TOKEN: 'xapp-1', SLACK_SIGNING_SECRET })).toMatchObject({ appToken: 'xapp-1', http: null });
    const http = { signingSecret: SLACK_SIGNING_SECRET, port: 3001, host: '127.0.0.1' };
    expect(of({ SLACK_SIGNING_SECRET })).toMatchObject({ appToken: null, http });
    expect(of({ SLACK_SIGNING_SECRET, SLACK_PORT: '0', SLACK_HOST: '::' })).toMatchObject({
      http: { ...http, port: 0, host: '::' },
    });
  });

  it.each([
    [{ SLACK_PORT: '3001' }, 'SLACK_BOT_TOKEN is missing'],
    [{ SLACK_SIGNING_SECRET: '0123456789abcdef' }, 'SLACK_CHANNEL is missing'],
    [{ SLACK_SIGNING_SECRET: '0123456789abcdef', PORT: '3001' }, 'SLACK_PORT must differ from PORT'],
    [{ SLACK_SIGNING_SECRET: 'xoxb-1' }, 'SLACK_SIGNING_SECRET must be the signing secret'],
    [{ SLACK_APP_TOKEN: 'xapp-1', SLACK_PORT: '80' }, 'SLACK_PORT is for Slack over HTTP'],
    [{ SLACK_HOST: 'everywhere' }, 'SLACK_HOST must be an address of this machine'],
    [{ SLACK_CHANNEL: '#scrapes' }, 'SLACK_CHANNEL must be the id of a channel'],
  ])('refuses %o', (env, fault) => {
    expect(faultsOf(env).join('\n')).toContain(fault);
  });

  it('never prints the value of a secret', () => {
    const faults = faultsOf({ DATABASE_URL: 'mysql://me:PASSW0RD@x', BET9JA_URL: 'https://me:PASSW0RD@x' });
    expect(faults).toHaveLength(2);
    expect(faults.join()).not.toContain('PASSW0RD');
  });
});

describe('.env.example', () => {
  it('names exactly the variables there are, and is itself a good configuration', async () => {
    const text = await readFile(new URL('../../.env.example', import.meta.url), 'utf8');
    const given = Object.fromEntries(
      [...text.matchAll(/^([A-Z0-9_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
    );
    const ofPlatforms = platforms.flatMap(({ baseUrlVariable }) => [baseUrlVariable, proxyVariable(baseUrlVariable)]);
    const known = [...Object.keys(Environment.shape), ...ofPlatforms];
    expect(Object.keys(given).sort()).toEqual(known.sort());
    expect(faultsOf(given as Record<string, string>)).toEqual([]);
  });

  it('asks another country of a book at that country’s address, unless a variable says otherwise', () => {
    const settings = { sites: { betpawa: { country: 'ke' }, sportybet: { country: 'gh' } } };
    expect(loadConfig({}, settings, platforms).baseUrls).toMatchObject({
      betpawa: 'https://www.betpawa.co.ke',
      sportybet: 'https://www.sportybet.com',
    });
    const elsewhere = loadConfig({ BETPAWA_URL: 'http://127.0.0.1:9' }, settings, platforms);
    expect(elsewhere.baseUrls['betpawa']).toBe('http://127.0.0.1:9');
  });

  it('names what a site or scope cannot be, by the platform’s own rules', () => {
    const faults = faultsOf(
      {},
      {
        sites: { sportybet: { country: 'xx' }, betpawa: { country: 'rw' }, bet9ja: { zone: 1 }, betking: {} },
        scope: { sportybet: { competitions: ['Premier League'] }, betpawa: { sports: ['tennis'] } },
      },
    );
    expect(faults.join('\n')).toMatch(/there is no platform "betking"/);
    expect(faults).toEqual(
      expect.arrayContaining([
        'rescrape.config.ts: sites.sportybet.country: must be one of ng, gh, ke, tz, za, cm, zm',
        "rescrape.config.ts: scope.sportybet.competitions.0: a competition is named by the book's own id, like sr:tournament:17",
        'rescrape.config.ts: sites.betpawa.country: host and brand are needed for a country beside ng, gh, ke, ug, tz, zm, cm, cg',
        'rescrape.config.ts: scope.betpawa.sports.0: football is the one sport that can be scraped',
      ]),
    );
    expect(faults.join('\n')).toMatch(/sites\.bet9ja: Unrecognized key: "zone"/);
  });
});

describe('schedules', () => {
  it('are told with everything that is wrong with them', () => {
    const faults = faultsOf(
      {},
      {
        schedules: [
          { name: 'nightly', cron: '0 25 * * *' },
          { name: 'nightly', cron: '0 3 * * *', zone: 'Africa/Lagoss', platforms: ['betking'] },
        ],
        routes: [{ surface: 'slack', channel: 'C0OPS1234', schedules: ['hourly'] }],
      },
    );
    expect(faults).toEqual(
      expect.arrayContaining([
        'rescrape.config.ts: schedules: nightly: cron has "25" as hour: use 0 to 23, *, a list, a range like 1-5 or a step like */5',
        'rescrape.config.ts: schedules: there are two called "nightly": give each its own name',
        'rescrape.config.ts: schedules: nightly: zone has to be an IANA name like Africa/Lagos or UTC',
        'rescrape.config.ts: routes: there is no schedule "hourly"; known are nightly',
      ]),
    );
    expect(faults.join('\n')).toMatch(/there is no platform "betking"/);
  });
});
