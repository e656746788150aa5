import { expect, test } from 'vitest';
import { drifted } from '#scraper/errors.ts';
import type { Step } from '#scraper/platform.ts';
import { runPlatform } from '#scraper/run-steps.ts';
import { memoryContext, seedsOf } from '../helpers/memory-context.ts';
import { record, toyPlatform } from './toy-platform.ts';

/** Says the same about every item: one market that cannot be read, and one thing that is new about the site. */
const step: Step = {
  kind: 'items',
  name: 'extract',
  async work(item, site) {
    const drift = { path: 'market 18', problem: 'has no line', count: 1, of: item.priority + 1 };
    site.note(drifted(drift), 'market 18 has no line');
    site.remark('a page holds 20 rows at most');
    if (item.key === 'c') site.note(drifted({ ...drift, path: 'market 1' }), 'market 1 has no line');
    return [record(item.key)];
  },
};

test('what costs only itself is kept once for the whole step, and fails nothing', async () => {
  const context = memoryContext({ items: seedsOf('a', 'b', 'c', 'd') });
  const remarks: string[] = [];
  const result = await runPlatform(toyPlatform([step]), context, {
    baseUrl: 'http://127.0.0.1:9',
    onInternalError: (error) => {
      throw error;
    },
    onRemark: (text, name) => remarks.push(`${name}: ${text}`),
  });
  expect(result).toMatchObject({ status: 'completed', failures: [], steps: [{ status: 'success', itemsFailed: 0 }] });
  expect(context.records).toHaveLength(4);
  expect(context.failures.map(({ kind, detail, itemKey }) => [kind, detail, itemKey])).toEqual([
    ['drifted', 'market 18 has no line', null],
    ['drifted', 'market 1 has no line in 1 of 3', null],
  ]);
  expect(remarks).toEqual(['extract: a page holds 20 rows at most']);
});
