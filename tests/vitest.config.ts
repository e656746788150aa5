import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// Hundreds of processes load the same packages, a second each: what was compiled once is kept.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url));

/** The file that takes longest and waits most comes first, beside others; where it came last all would wait for it alone. */
class ChaosFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isChaos = ({ moduleId }: TestSpecification) => moduleId.endsWith('/chaos.test.ts');
    return [...sorted.filter(isChaos), ...sorted.filter((file) => !isChaos(file))];
  }
}

export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/helpers/one-server.ts'],
    // Processes, as several tests end some; few, as they share a machine with Postgres; one more than small machines have
    // processors, as those with real processes wait most of their time. With four such a machine is so busy that what has to
    // be done in time is not.
    pool: 'forks',
    reporters: process.env['VITEST_JSON']
      ? ['default', ['json', { outputFile: process.env['VITEST_JSON'] }]]
      : ['default'],
    maxWorkers: 3,
    sequence: { sequencer: ChaosFirst },
    retry: 0,
    // What is waited for comes when it comes; the test's own time is the limit.
    expect: { poll: { timeout: 40_000, interval: 30 } },
    // A busy machine is slow, not broken: what hangs is caught all the same.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    teardownTimeout: 60_000,
  },
});
