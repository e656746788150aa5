/** What can be set in `rescrape.config.ts`: how to scrape and retry. Secrets and addresses come from the environment. */
import { z } from 'zod';
import { ScheduleSettings } from './schedule-settings.ts';
import { RetentionSettings } from './retention-settings.ts';
import { RetrySettings } from './retry-settings.ts';
import { RouteSettings } from './route-settings.ts';

const PlatformSettings = z.strictObject({
  /** Requests under way at once. */
  concurrency: z.int().min(1).max(64).optional(),
  /** Least time between the starts of two requests, milliseconds. */
  gapMs: z.number().min(0).max(60_000).optional(),
  /** How long discovered work items stay worth continuing, minutes. */
  maxAgeMinutes: z.number().positive().max(10_080).optional(),
});

const QualitySettings = z.strictObject({
  /** Fewer delivered items than this are too few, whatever is usual. */
  minItems: z.int().min(0).optional(),
  /** Less than this share of what is usual (the median of the last 7 good jobs) is too little; 0 compares with nothing. */
  minOfUsual: z.number().min(0).max(1).optional(),
  /** By field of a record: the share of records in which it has to be filled. */
  fields: z.record(z.string().regex(/^[A-Za-z]\w{0,63}$/), z.number().min(0).max(1)).optional(),
});

/** Who may do what on one surface; `who` is how people, groups and channels are named there. */
function accessSettings(who: z.ZodString) {
  const allowed = z.array(who).max(100).optional();
  return z
    .strictObject({
      view: allowed,
      retry: allowed,
      run: allowed,
      admin: allowed,
      /** Whom a refused person is sent to, for instance `@scrape-ops`. */
      ask: z.string().max(80).optional(),
    })
    .prefault({});
}

const slackAccess = accessSettings(
  z
    .string()
    .regex(
      /^(user:[UW]|group:S|channel:[CG])[A-Z0-9]{1,30}$/,
      'must be user:U…, group:S… (a user group) or channel:C…, with the id as Slack shows it',
    ),
);

const discordAccess = accessSettings(
  z
    .string()
    .regex(/^(user|group|channel):\d{1,20}$/, 'must be user:…, group:… (a role) or channel:…, each with a long number'),
);

const StatusPageSettings = z
  .strictObject({
    /** Where people reach the page, when not at this machine's own address: for links in chat and in feeds. */
    url: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }).optional(),
    /** The zone times are shown in, like `Africa/Lagos`; that of the machine when left out. */
    timeZone: z.string().refine(isTimeZone, 'must be a time zone, like Africa/Lagos').optional(),
    /** A command that runs after each change of the page, as program and arguments; see docs/status-page.md. */
    publish: z.tuple([z.string().min(1)], z.string()).optional(),
  })
  .prefault({});

function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

const CourtesySettings = z
  .strictObject({
    /** Whoever started a run is mentioned when it ends badly. */
    mentionStarter: z.boolean().default(true),
    /** Whether each platform that is complete has a reply (`thread`), or is told on the card alone (`card`). */
    onSuccess: z.enum(['card', 'thread']).default('thread'),
  })
  .prefault({});

/** The settings file, checked. Everything has a default; an empty file is a good one. */
export const Settings = z.strictObject({
  /** Which platforms a plain `/scrape now` takes; all that are known when left out. */
  platforms: z.array(z.string()).min(1).optional(),
  /** How many platforms of one run are scraped at once. */
  parallelPlatforms: z.int().min(1).max(32).default(2),
  /** How many jobs one process works on at once. */
  workerSlots: z.int().min(1).max(32).default(4),
  retry: RetrySettings,
  courtesies: CourtesySettings,
  /** Runs that are not over after so many hours, and that no worker is at, are closed. */
  maxRunHours: z.number().positive().max(8_760).default(24),
  /** A platform that fails again and again is left alone for a while. */
  breaker: z
    .strictObject({
      /** So many failed jobs in a row; 0: it is never left alone. */
      failures: z.int().min(0).max(1_000).default(5),
      /** For how long, in minutes; twice as long after each probe that fails, up to the longest. */
      coolMinutes: z.number().positive().max(10_080).default(30),
      longestMinutes: z.number().positive().max(43_200).default(360),
    })
    .prefault({}),
  /** When the chat that a run was asked for in goes away while it works. */
  connectionLoss: z
    .strictObject({
      /** It is not missed for so long: seconds. */
      graceSeconds: z.number().min(0).max(86_400).default(45),
      /** It is back when it has been for so long: seconds. */
      stableSeconds: z.number().min(0).max(86_400).default(30),
    })
    .prefault({}),
  /** When runs start by themselves. */
  schedules: z.array(ScheduleSettings).max(100).default([]),
  /** Who may do what, per surface; see docs/slack.md and docs/discord.md. */
  access: z.strictObject({ slack: slackAccess, discord: discordAccess }).prefault({}),
  statusPage: StatusPageSettings,
  /** Answers of sites that are kept where something broke or is missing, to repair from and to read again. */
  keepRaw: z
    .strictObject({
      /** For how long; 0 keeps none. */
      hours: z.number().min(0).max(8_760).default(72),
      /** The newest so many of each platform; one takes some 100 kB at most sites. */
      perPlatform: z.int().min(1).max(100_000).default(1_000),
    })
    .prefault({}),
  retention: RetentionSettings,
  /** Where else runs are told, besides `SLACK_CHANNEL` and `DISCORD_CHANNEL`; see docs/operations.md. */
  routes: z.array(RouteSettings).max(50).default([]),
  /** Per platform, by its id. */
  pace: z.record(z.string(), PlatformSettings).default({}),
  /** Per platform, by its id: what of the site is scraped. Whole sports, or the competitions with these ids of the site's own. */
  scope: z
    .record(
      z.string(),
      z.strictObject({ sports: z.array(z.string()).optional(), competitions: z.array(z.string()).optional() }),
    )
    .default({}),
  /** Per platform, by its id: which of its sites is asked, and how. Each platform has settings of its own. */
  sites: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  /** Per platform, by its id: what a delivery has to hold to be believed. */
  quality: z.record(z.string(), QualitySettings).default({}),
});
export type Settings = z.infer<typeof Settings>;

/** Gives an editor the types while writing `rescrape.config.ts`; the values are checked at start. */
export function defineConfig(settings: z.input<typeof Settings>): z.input<typeof Settings> {
  return settings;
}
