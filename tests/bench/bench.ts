/**
 * `npm run bench [-- --rounds 5] [--only words] [--long] [--print]`: measures every way of every line in turn, so many
 * rounds, and writes the medians to docs/performance.md (with `--print` or `--only`: nowhere but here). Rounds are
 * interleaved, so that a machine that is busy for a while is busy for all. Not a part of the tests: figures are no truth
 * a test could stand on.
 */
import { parseArgs } from 'node:util';
import { peerVersions } from './children.ts';
import { measureRound, median, type Result } from './line.ts';
import { lines } from './lines/index.ts';
import { load, machineWords } from './machine.ts';
import { writeSection } from './report.ts';
import { goalTable, lineTable, shown } from './tables.ts';
import { closeWorld } from './world.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    long: { type: 'boolean', default: false },
    print: { type: 'boolean', default: false },
  },
});
const rounds = Math.max(1, Number(values.rounds) || 1);
const chosen = lines(values.long).filter((line) => line.title.toLowerCase().includes(values.only.toLowerCase()));
const machine = machineWords(['@slack/bolt', 'discord.js', 'pg-boss', 'drizzle-orm', 'postgres', 'cheerio', 'zod']);
const results: Result[] = chosen.map((line) => ({ line, rounds: [], missing: new Map() }));
const loads: number[] = [];

try {
  for (let round = 1; round <= rounds; round += 1) {
    for (const result of results) {
      loads.push(load());
      await measureRound(result, round - 1);
      process.stderr.write(`round ${round} of ${rounds}, ${result.line.title}\n`);
      for (const [way, figures] of Object.entries(result.rounds.at(-1) ?? {})) {
        const words = Object.entries(figures).map(([name, value]) => `${name} ${shown(value)}`);
        process.stderr.write(`  ${way}: ${words.join(', ')}\n`);
      }
    }
  }
} finally {
  await closeWorld();
}

const today = new Date().toISOString().slice(0, 10);
const command = `npm run bench${values.long ? ' -- --long' : ''}`;
const how = rounds === 1 ? 'one round' : `medians of ${rounds} interleaved rounds (lowest–highest)`;
const peers = Object.entries(peerVersions()).map(([name, version]) => `${name} ${version}`);
const goals = `Written by \`${command}\` on ${today}, as are the sections below that name no other command: ${how}. Sites, load
generators and databases are on the same machine, each in a process of its own. Compare within a table: a ratio is that of
one round, taken on the same machine in the same minute. [How it is measured](../tests/bench/README.md).

${machine.map((words) => `- ${words}`).join('\n')}
- beside us: ${peers.join(', ')}
- busy while measuring: load ${shown(Math.min(...loads))} to ${shown(Math.max(...loads))}, median ${shown(median(loads))}, our own included

${goalTable(results)}
`;
const sections = [['Goals', goals], ...results.map((result) => [result.line.title, lineTable(result)])] as const;
for (const [heading = '', body = ''] of sections) {
  if (values.print || values.only !== '') process.stdout.write(`\n## ${heading}\n\n${body}\n`);
  else process.stdout.write(`\n${await writeSection(heading, body)}`);
}
if (!values.print && values.only === '') process.stdout.write('\nWritten to docs/performance.md.\n');
