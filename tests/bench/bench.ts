/**
 * `npm run bench [-- --rounds 3] [--only words] [--print]`: measures every line in turn, so many rounds, and writes the
 * medians to their section of docs/performance.md (with `--print` or `--only`: nowhere but here). Rounds are interleaved, so that a machine
 * that is busy for a while is busy for all. Not a part of the tests: figures are no truth a test could stand on.
 */
import { parseArgs } from 'node:util';
import { figuresOf, medianOf, type Figures } from './line.ts';
import { lines } from './lines/index.ts';
import { machineWords } from './machine.ts';
import { writeSection } from './report.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    print: { type: 'boolean', default: false },
  },
});
const rounds = Math.max(1, Number(values.rounds) || 1);
const chosen = lines.filter((line) => line.title.toLowerCase().includes(values.only.toLowerCase()));
const machine = machineWords(['@slack/bolt', 'discord.js', 'pg-boss', 'drizzle-orm']);
const results = chosen.map((line) => ({ line, rounds: [] as Figures[] }));

for (let round = 1; round <= rounds; round += 1) {
  for (const result of results) {
    const figures = figuresOf(await result.line.measure());
    result.rounds.push(figures);
    process.stderr.write(`round ${round} of ${rounds}, ${result.line.title}: ${inWords(figures)}\n`);
  }
}

const rows = results.map(({ line, rounds: measured }) => {
  const { count, p50, p99, max } = medianOf(measured);
  return `| ${[line.title, count, ms(p50), ms(p99), ms(max), line.goal].join(' | ')} |`;
});
const head = ['What', 'Times', 'p50', 'p99', 'Longest', 'Goal'];
const table = [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...rows].join('\n');
const today = new Date().toISOString().slice(0, 10);
const text = `Written by \`npm run bench\` on ${today}: medians of ${rounds} rounds, each against fakes of the services and a database of
its own, with load generator, bot, scraped sites and database on the same machine. Milliseconds.

${machine.map((words) => `- ${words}`).join('\n')}

${table}
`;
if (values.print || values.only !== '') process.stdout.write(text);
else process.stdout.write(`${await writeSection('Presses', text)}\nWritten to docs/performance.md.\n`);

function ms(value: number): string {
  if (value === Infinity) return 'not at all';
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}

function inWords({ count, p50, p99, max }: Figures): string {
  return `${count} times, p50 ${ms(p50)}, p99 ${ms(p99)}, longest ${ms(max)} ms`;
}
