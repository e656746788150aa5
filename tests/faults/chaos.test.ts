/** Kills by chance, as `npm run chaos` makes them, but fewer: the other files here are about one fault each, this is about all at once. */
import { expect, it, onTestFailed } from 'vitest';
import { runChaos } from '../chaos/run-chaos.ts';

it('25 kills, freezes, crashes of the database and failing services: nothing is lost, nothing doubled', async () => {
  const said: string[] = [];
  // Whatever fails, its time as well, which says nothing by itself.
  onTestFailed(() => void process.stderr.write(`${said.join('\n')}\n`));
  // Given up before the test is: what was left by then is the news.
  const terms = { kills: 25, seed: 25, drainMs: 150_000 };
  const { violations, ...report } = await runChaos({ ...terms, say: (line) => void said.push(line) });
  expect(violations).toEqual([]);
  // Where nothing happened nothing could be lost. How much does depends on how busy the machine is.
  expect(report).toMatchObject({ kills: 25, crashes: 2 });
  expect(report.tally.runs).toBeGreaterThan(1);
  expect(report.tally.messages).toBeGreaterThan(report.tally.runs);
}, 420_000);
