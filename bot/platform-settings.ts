/** Platforms as `rescrape.config.ts` wants them. */
import { ZodError } from 'zod';
import type { Platform } from '#scraper/index.ts';
import type { PlatformWords } from '#bot/chat/platform-words.ts';
import type { RetryTerms } from '#bot/runs/retry-run.ts';
import type { Expected } from './job-standing.ts';
import type { Settings } from './settings.ts';

/** The part of a platform that settings of its own may change. */
type Configurable = Pick<Platform, 'id' | 'baseUrl' | 'configure'>;

/** What is wrong with `sites` and `scope`, in sentences; a platform that takes no such settings says so. */
export function siteFaults(platforms: readonly Configurable[], settings: Settings): string[] {
  return platforms.flatMap((platform) => {
    const { id, configure } = platform;
    const [site, scope] = [settings.sites[id], settings.scope[id]];
    if (site === undefined && scope === undefined) return [];
    if (!configure) return [`${site ? 'sites' : 'scope'}.${id}: there is nothing to set for ${id}`];
    try {
      configure({ site, scope });
      return [];
    } catch (error) {
      if (!(error instanceof ZodError)) throw error;
      return error.issues.map(({ path: [part, ...rest], message }) => {
        return `${[part === 'scope' ? 'scope' : 'sites', id, ...rest].join('.')}: ${message}`;
      });
    }
  });
}

/** Where a platform is asked unless its variable says otherwise; settings that cannot be used change nothing. */
export function baseUrlOf(platform: Configurable, settings: Settings): string {
  if (siteFaults([platform], settings).length > 0) return platform.baseUrl;
  return platform.configure?.(wantedOf(platform.id, settings)).baseUrl ?? platform.baseUrl;
}

/** A platform with what the settings file wants in place of its own: site, scope, pace and ages. */
export function configured(known: Platform, settings: Settings): Platform {
  const platform = known.configure?.(wantedOf(known.id, settings)) ?? known;
  const wanted = settings.pace[platform.id];
  if (wanted === undefined) return platform;
  return {
    ...platform,
    pace: {
      ...platform.pace,
      concurrency: wanted.concurrency ?? platform.pace.concurrency,
      gapMs: wanted.gapMs ?? platform.pace.gapMs,
    },
    maxAgeMs: wanted.maxAgeMinutes === undefined ? platform.maxAgeMs : wanted.maxAgeMinutes * 60_000,
  };
}

function wantedOf(id: string, { sites, scope }: Settings) {
  return { site: sites[id], scope: scope[id] };
}

/** What messages need to know of a platform; one that is gone has items. */
export function platformWords(platform: Platform | undefined): PlatformWords {
  const steps = [...(platform?.steps ?? []), ...(platform?.backfills ?? []).map(({ step }) => step)];
  return {
    noun: platform?.noun ?? { one: 'item', many: 'items' },
    nouns: Object.fromEntries(steps.map((step) => [step.name, step.kind === 'items' ? step.noun : undefined])),
    terms: retryTerms(platform),
    backfills: (platform?.backfills ?? []).map(({ what }) => what),
  };
}

/** What is expected of a platform's deliveries: its own expectations, with the settings file's in their place. */
export function expectedOf(platform: Platform, settings: Settings): Expected {
  const wanted = settings.quality[platform.id];
  return {
    noun: platform.noun,
    minItems: wanted?.minItems ?? platform.expects?.items ?? 0,
    minOfUsual: wanted?.minOfUsual ?? 0.5,
    fields: { ...platform.expects?.fields, ...wanted?.fields },
  };
}

/** What a retry needs to know of a platform; a platform that is gone keeps nothing. */
export function retryTerms(platform: Platform | undefined): RetryTerms {
  const [first, ...others] = platform?.steps ?? [];
  const itemStep = others.find((step) => step.kind === 'items');
  return {
    maxAgeMs: platform?.maxAgeMs ?? 0,
    firstStep: first?.name ?? 'discover',
    itemStep: itemStep?.name ?? first?.name ?? 'extract',
  };
}
