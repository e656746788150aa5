/** Platforms as `rescrape.config.ts` wants them. */
import type { Platform } from '#scraper/index.ts';
import type { PlatformWords } from '#bot/chat/platform-words.ts';
import type { RetryTerms } from '#bot/runs/retry-run.ts';
import type { Expected } from './job-standing.ts';
import type { Settings } from './settings.ts';

/** A platform with the pace and ages of the settings file in place of its own. */
export function paced(platform: Platform, settings: Settings): Platform {
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

/** What messages need to know of a platform; one that is gone has items. */
export function platformWords(platform: Platform | undefined): PlatformWords {
  const steps = platform?.steps ?? [];
  return {
    noun: platform?.noun ?? { one: 'item', many: 'items' },
    nouns: Object.fromEntries(steps.map((step) => [step.name, step.kind === 'items' ? step.noun : undefined])),
    terms: retryTerms(platform),
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
