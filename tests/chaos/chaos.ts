/** `npm run chaos [-- --kills 100 --seed 1]`: takes minutes, prints the seed, and ends with 1 when anything was lost or doubled. */
import { parseArgs } from 'node:util';
import { runChaos } from './run-chaos.ts';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '100' }, seed: { type: 'string' } },
});
const kills = Math.max(1, Number(values.kills) || 100);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const say = (line: string) => void process.stderr.write(`${line}\n`);

say(`seed ${seed}: npm run chaos -- --kills ${kills} --seed ${seed} makes the same decisions again`);
const { violations, ...report } = await runChaos({ kills, seed, say });
process.stdout.write(`${JSON.stringify({ seed, ...report }, null, 2)}\n`);
for (const violation of violations) process.stdout.write(`✗ ${violation}\n`);
process.stdout.write(violations.length === 0 ? 'Nothing was lost, nothing doubled.\n' : '');
process.exitCode = violations.length === 0 ? 0 : 1;
