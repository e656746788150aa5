/** What every message is told with: words and terms of the platforms, the settings that show, and where the page is. */
import type { Platform } from '#scraper/index.ts';
import type { Telling } from '#bot/chat/platform-words.ts';
import { policyFor } from '#bot/runs/retry-policy.ts';
import type { Config } from './config.ts';
import { platformWords } from './platform-settings.ts';
import { retryRules } from './retry-settings.ts';

/** Makes what tells at a given moment; `statusUrl` is where people find the status page. */
export function tellingOf(
  { settings }: Config,
  find: (id: string) => Platform | undefined,
  statusUrl: string,
): (now: Date) => Telling {
  const rules = retryRules(settings.retry);
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return (now) => ({
    platform: (id) => platformWords(find(id)),
    now,
    maxRunAgeDays: settings.retry.maxRunAgeDays,
    courtesies: settings.courtesies,
    attempts: (kind) => policyFor(rules, kind).attempts,
    timeZone,
    statusUrl,
  });
}
