/**
 * The demo sites as a process: `node books.ts <options of startDemoSites as JSON>`. It says the environment that leads to
 * them as one line of JSON; a line of input `{"site":"bet9ja","mood":"slow"}` changes a mood, `requests` is answered by how
 * many requests each has had.
 */
import { createInterface } from 'node:readline';
import { startDemoSites, type DemoOptions, type DemoSiteId, type Mood } from '../../demo-sites/index.ts';

const { env, sites } = await startDemoSites(JSON.parse(process.argv[2] ?? '{}') as DemoOptions);
process.stdout.write(`${JSON.stringify(env)}\n`);
createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (line !== 'requests') {
      const { site, mood } = JSON.parse(line) as { site: DemoSiteId; mood: Mood };
      sites[site].setMood(mood);
      return;
    }
    const counts = Object.entries(sites).map(([id, { requests }]) => [id, requests.length]);
    process.stdout.write(`${JSON.stringify(Object.fromEntries(counts))}\n`);
  })
  .on('close', () => process.exit(0));
