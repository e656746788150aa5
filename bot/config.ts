/** The environment, checked: all faults at once, each with its remedy, never the value of a secret. */
import { z } from 'zod';
import { ConfigError } from '#db/environment.ts';
import type { Platform } from '#scraper/index.ts';
import { baseUrlOf, siteFaults } from './platform-settings.ts';
import { retentionFaults } from './retention-settings.ts';
import { scheduleFaults } from './schedule-settings.ts';
import { Settings } from './settings.ts';
import {
  discordOf,
  portNumber,
  slackOf,
  surfaceVariables,
  type DiscordConfig,
  type SlackConfig,
} from './surface-config.ts';

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** Variables every process reads, besides an address and a proxy per platform (`BET9JA_URL`, `BET9JA_PROXY` …). */
export const Environment = z.object({
  DATABASE_URL: z
    .string()
    .refine(
      isDatabaseUrl,
      'must be a postgres:// address (with # % and the like percent-encoded), or unset for the bundled server',
    )
    .optional(),
  /** Read by `load-settings.ts`, before there is a configuration. */
  CONFIG_FILE: z.string().optional(),
  DATA_DIR: z.string().default('.data'),
  PORT: portNumber.default(3000),
  STATUS_DIR: z.string().optional(),
  WORKER: z.enum(['on', 'off'], 'must be on or off').default('on'),
  ...surfaceVariables,
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
});

/** A platform as the configuration needs it. */
interface ConfigurablePlatform {
  id: string;
  baseUrl: string;
  baseUrlVariable: string;
  configure?: Platform['configure'];
}

/** Everything the processes are started with. */
export interface Config {
  databaseUrl: string | null;
  dataDir: string;
  port: number;
  statusDir: string;
  worker: boolean;
  /** Null: this surface is not set up. */
  slack: SlackConfig | null;
  discord: DiscordConfig | null;
  logLevel: (typeof LOG_LEVELS)[number];
  /** Where each platform is asked: the real site unless its variable says otherwise. */
  baseUrls: Record<string, string>;
  /** The proxies of platforms that are asked through one (`BET9JA_PROXY` …). May hold passwords: never to be shown or logged. */
  proxyUrls: Record<string, string>;
  settings: Settings;
}

/**
 * Reads environment and settings, or throws a {@link ConfigError} naming everything that is wrong. A worker does not
 * speak: the surfaces that the settings name need not be set up where it runs.
 */
export function loadConfig(
  env: Record<string, string | undefined>,
  settings: unknown,
  platforms: readonly ConfigurablePlatform[],
  { speaks = true } = {},
): Config {
  const faults: string[] = [];
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const environment = Environment.safeParse(given);
  if (!environment.success) {
    for (const issue of environment.error.issues) faults.push(`${issue.path.join('.')} ${issue.message}`);
  }
  const checked = Settings.safeParse(settings);
  const baseUrls: Record<string, string> = {};
  for (const platform of platforms) {
    const own = checked.success ? baseUrlOf(platform, checked.data) : platform.baseUrl;
    const url = given[platform.baseUrlVariable] ?? own;
    if (isHttpUrl(url)) baseUrls[platform.id] = url;
    else faults.push(`${platform.baseUrlVariable} must be an http:// or https:// address without user and password`);
  }
  const proxyUrls: Record<string, string> = {};
  for (const { id, baseUrlVariable } of platforms) {
    const variable = proxyVariable(baseUrlVariable);
    const url = given[variable];
    if (url === undefined) continue;
    if (isWebUrl(url)) proxyUrls[id] = url;
    else
      faults.push(
        `${variable} must be an http:// or https:// address, with user and password if the proxy asks for them`,
      );
  }
  if (!checked.success) {
    for (const issue of checked.error.issues) {
      faults.push(`rescrape.config.ts: ${issue.path.join('.') || 'the file'}: ${issue.message}`);
    }
  } else {
    const known = platforms.map((platform) => platform.id);
    const named = [
      ...(checked.data.platforms ?? []),
      ...Object.keys(checked.data.pace),
      ...Object.keys(checked.data.quality),
      ...checked.data.routes.flatMap((route) => route.platforms ?? []),
      ...checked.data.schedules.flatMap((schedule) => schedule.platforms ?? []),
      ...Object.keys(checked.data.sites),
      ...Object.keys(checked.data.scope),
    ];
    for (const id of new Set(named.filter((name) => !known.includes(name)))) {
      faults.push(`rescrape.config.ts: there is no platform "${id.slice(0, 32)}"; known are ${known.join(', ')}`);
    }
    const others = [
      ...siteFaults(platforms, checked.data),
      ...scheduleFaults(checked.data),
      ...retentionFaults(checked.data),
    ];
    faults.push(...others.map((fault) => `rescrape.config.ts: ${fault}`));
  }
  const slack = slackOf(given, environment.success ? environment.data.PORT : null, faults);
  const discord = discordOf(given, faults);
  if (speaks && checked.success) faults.push(...routeFaults(checked.data, { slack, discord }));
  if (!environment.success || !checked.success || faults.length > 0) throw new ConfigError(faults);
  const values = environment.data;
  return {
    databaseUrl: values.DATABASE_URL ?? null,
    dataDir: values.DATA_DIR,
    port: values.PORT,
    statusDir: values.STATUS_DIR ?? `${values.DATA_DIR}/status`,
    worker: values.WORKER === 'on',
    slack,
    discord,
    logLevel: values.LOG_LEVEL,
    baseUrls,
    proxyUrls,
    settings: checked.data,
  };
}

/** Routes to surfaces that are not set up: what they are for would be told to nobody. */
function routeFaults({ routes }: Settings, given: Pick<Config, 'slack' | 'discord'>): string[] {
  const missing = new Set(routes.map((route) => route.surface).filter((surface) => given[surface] === null));
  return [...missing].map(
    (surface) =>
      `rescrape.config.ts: routes: ${surface === 'slack' ? 'Slack' : 'Discord'} is not set up: follow docs/${surface}.md, or take its routes out`,
  );
}

function isDatabaseUrl(text: string): boolean {
  if (!/^postgres(ql)?:\/\//.test(text)) return false;
  // A list of hosts (h1:5432,h2:5432) is no URL, but the driver reads it.
  if (!URL.canParse(text)) return /^[a-z]+:\/\/[^#%/]*,[^#%/]*(\/|$)/.test(text);
  try {
    const { username, password, pathname } = new URL(text);
    return [username, password, pathname].every((part) => typeof decodeURIComponent(part) === 'string');
  } catch {
    return false;
  }
}

/** `BET9JA_PROXY` beside `BET9JA_URL`. */
export function proxyVariable(baseUrlVariable: string): string {
  return baseUrlVariable.replace(/(?:_URL)?$/, '_PROXY');
}

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return isWebUrl(text) && url?.username === '' && url.password === '';
}

function isWebUrl(text: string): boolean {
  return /^https?:$/.test(URL.parse(text)?.protocol ?? '');
}
