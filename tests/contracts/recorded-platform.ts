/** What a platform must do whose demo site is a folder of recorded answers, shown over real HTTP: the first suite of a new one. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createPaces } from '#scraper/pace.ts';
import type { Platform } from '#scraper/platform.ts';
import { runPlatform } from '#scraper/run-steps.ts';
import { recordedSite, type Variant } from '../demo-sites/recorded.ts';
import { startSite, type DemoSite } from '../demo-sites/site.ts';
import { memoryContext } from '../helpers/memory-context.ts';

/** A platform and the name of its folders, under `scraper/platforms/` and `tests/fixtures/`. */
export interface RecordedPlatform {
  platform: Platform;
  folder: string;
  /** The template itself has no real site to be about. */
  isTemplate?: boolean;
}

/** The suite: typical, empty, drifted, blocked and unreachable. Each failure says what to write, and where. */
export function testRecordedPlatform({ platform, folder, isTemplate = false }: RecordedPlatform): void {
  const own = `scraper/platforms/${folder}`;
  const expected = `tests/fixtures/${folder}/typical.json`;

  function site(variant: Variant | null, mood: 'ok' | 'blocked' | 'down' = 'ok'): Promise<DemoSite> {
    return startSite(recordedSite(platform, { folder, variant }), { seed: 1, matches: [] }, { latencyMs: 0, mood });
  }

  async function scrape({ url }: DemoSite) {
    const context = memoryContext();
    const result = await runPlatform(platform, context, {
      baseUrl: url,
      pace: { gapMs: 0 },
      http: { paces: createPaces(), random: () => 0 },
      onInternalError: (error) => {
        throw error;
      },
    });
    return { context, result };
  }

  describe(`the platform ${platform.id}`, () => {
    test('is about a real site', () => {
      const isExample = new URL(platform.baseUrl).hostname.endsWith('.example');
      if (isExample && !isTemplate) {
        expect.fail(`${platform.id} is still the example it was made from. Next:
  1. Put the site's address into ${own}/index.ts (baseUrl), and what it wants to be asked with (headers).
  2. Save real answers of the site in ${own}/demo/, without anything private in them.
  3. Say in ${own}/schema.ts what is used of them, and in index.ts how records are made of it.
  4. Write what those answers hold, read by eye, into ${expected}.
  docs/add-a-platform.md walks through it. This test passes when baseUrl is no longer an example.`);
      }
    });

    test('typical: delivers exactly what its recorded answers hold', async () => {
      await using typical = await site(null);
      const { context, result } = await scrape(typical);
      expect(result.failures, `The answers in ${own}/demo/ could not be read: mend schema.ts or index.ts.`).toEqual([]);
      const told = context.records.map((record) =>
        Object.fromEntries(Object.entries(record).filter(([name]) => name !== 'fetchedAt')),
      );
      const wanted: unknown = JSON.parse(
        await readFile(new URL(`../fixtures/${folder}/typical.json`, import.meta.url), 'utf8'),
      );
      expect(told, `The records differ from ${expected}, which is what the answers in ${own}/demo/ hold.`).toEqual(
        wanted,
      );
      expect(told.length, `${expected} has to hold a record at least.`).toBeGreaterThan(0);
    });

    test('empty: a day with nothing is empty, not broken', async () => {
      await using empty = await site('_empty');
      const { result } = await scrape(empty);
      const how = `Record in ${own}/demo/_empty/ what the list answers when there is nothing: it has to be read as such.`;
      expect(
        result.failures.map(({ kind }) => kind),
        how,
      ).toEqual(['empty']);
    });

    test('drifted: a field that is renamed is named, and nothing is stored', async () => {
      await using drifted = await site('_drifted');
      const { context, result } = await scrape(drifted);
      const how = `Put answers with a needed field renamed into ${own}/demo/_drifted/: schema.ts has to miss it by name.`;
      expect(result.status, how).toBe('failed');
      expect(new Set(context.failures.map(({ kind }) => kind)), how).toEqual(new Set(['drifted']));
      for (const { detail } of context.failures)
        expect(detail, how).toMatch(/\w+(\[\])? (is missing|is of another kind)( in \d+ of \d+)?$/);
      expect(context.records, how).toEqual([]);
    });

    test('blocked: a block ends it after one request', async () => {
      await using blocked = await site(null, 'blocked');
      const { result } = await scrape(blocked);
      expect(result).toMatchObject({ status: 'failed', stopped: { kind: 'blocked' } });
      expect(blocked.requests).toHaveLength(1);
    });

    test('unreachable: a site that is down is unreachable', async () => {
      await using down = await site(null, 'down');
      const { result } = await scrape(down);
      expect(result).toMatchObject({ status: 'failed', failures: [{ kind: 'unreachable' }] });
    });
  });
}
