/**
 * `npm run chaos:mutants [-- --only words]`: takes one guard away at a time, in a copy, and sees that the tests fail. A
 * test that does not is none. Prints a table, and ends with 1 when a guard is missed by nobody.
 */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { guards, type Guard } from './guards.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** What a copy needs to run its tests. */
const parts = ['bot', 'db', 'scraper', 'status-page', 'tests', 'package.json', 'tsconfig.json', 'rescrape.config.ts'];

/** How the tests came out without a guard. */
interface Seen {
  guard: Guard;
  failed: number;
  /** The first test that failed. */
  first: string;
}

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const seen: Seen[] = [];
for (const guard of guards.filter(({ name }) => name.includes(values.only))) {
  process.stderr.write(`without “${guard.name}” …\n`);
  const one = await testWithout(guard);
  process.stderr.write(`  ${one.failed === 0 ? 'nobody noticed' : one.first}\n`);
  seen.push(one);
}
const rows = seen.map(
  ({ guard, failed, first }) =>
    `| ${[guard.name, guard.without, failed === 0 ? '**nobody noticed**' : first].join(' | ')} |`,
);
const head = ['| Guard | Without it | The first test that fails |', '| --- | --- | --- |'];
process.stdout.write(`${[...head, ...rows].join('\n')}\n`);
process.exitCode = seen.every(({ failed }) => failed > 0) ? 0 : 1;

/** Copies the house, takes the guard away and runs its tests. A guard that is not found is a fault of the list. */
async function testWithout(guard: Guard): Promise<Seen> {
  const copy = await mkdtemp(join(tmpdir(), 'rescrape-mutant-'));
  try {
    for (const part of parts) await cp(join(root, part), join(copy, part), { recursive: true });
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
    const file = join(copy, guard.file);
    const text = await readFile(file, 'utf8');
    if (text.split(guard.from).length !== 2) {
      throw new Error(`${guard.file} does not have the guard “${guard.name}” once: put tests/chaos/guards.ts right`);
    }
    await writeFile(
      file,
      text.replace(guard.from, () => guard.to),
    );
    const report = join(copy, 'report.json');
    await run(copy, ['run', '--bail', '1', '--config', 'tests/vitest.config.ts', ...guard.tests], {
      VITEST_JSON: report,
    });
    return { guard, ...readReport(await readFile(report, 'utf8')) };
  } finally {
    await rm(copy, { recursive: true, force: true, maxRetries: 20 });
  }
}

function run(cwd: string, args: readonly string[], env: Record<string, string>): Promise<void> {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [vitest, ...args], { cwd, env: { ...process.env, ...env }, stdio: 'ignore' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
}

function readReport(json: string): Omit<Seen, 'guard'> {
  const report = JSON.parse(json) as {
    numFailedTests: number;
    testResults: { assertionResults: { status: string; fullName: string }[] }[];
  };
  const failed = report.testResults.flatMap((file) =>
    file.assertionResults.filter(({ status }) => status === 'failed'),
  );
  // A file that cannot even be loaded notices nothing: it does not count.
  return { failed: report.numFailedTests, first: failed[0]?.fullName ?? '' };
}
