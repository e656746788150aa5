/** One site opened for a test: small limits, a pace of its own, and the failure of an ask as something to look at. */
import { onTestFinished } from 'vitest';
import { createBrowser } from '#scraper/browser.ts';
import { ScrapeError } from '#scraper/errors.ts';
import { createHttp, type DisposableHttp, type HttpOptions } from '#scraper/http.ts';
import { createPaces } from '#scraper/pace.ts';

export function openHttp(baseUrl: string, options: Partial<HttpOptions> = {}): DisposableHttp {
  const http = createHttp({
    browser: createBrowser(),
    baseUrl,
    pace: { concurrency: 10, gapMs: 0 },
    signal: new AbortController().signal,
    paces: createPaces(),
    ...options,
    limits: { retries: 0, retryBaseMs: 1, ...options.limits },
  });
  onTestFinished(() => http[Symbol.asyncDispose]());
  return http;
}

/** The ScrapeError a promise ends with; anything else fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<ScrapeError> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => error,
  );
  if (outcome instanceof ScrapeError) return outcome;
  throw new Error('expected a ScrapeError', { cause: outcome });
}
