/** `npm run demo`: the whole bot against sites of our own on this machine. No account, nothing leaves the machine. */
import { createServer } from 'node:net';
import { loadSettings } from '#bot/load-settings.ts';
import { runProcess } from '#bot/run-process.ts';
import { startDemoSites } from './demo-sites/index.ts';

/** Port 3000 when it is free, so that the page keeps its address from one demo to the next; else any. */
async function usualPort(): Promise<string> {
  const probe = createServer();
  const free = await new Promise<boolean>((resolve) => {
    probe.once('error', () => resolve(false)).listen(3000, '127.0.0.1', () => resolve(true));
  });
  await new Promise((resolve) => probe.close(resolve));
  return free ? '3000' : '0';
}

const start = new Date();
const port = await usualPort();
const sites = await startDemoSites({ moods: { bet9ja: 'breaks' } });

process.exitCode = await runProcess({
  env: () => ({ LOG_LEVEL: 'error', PORT: port, ...process.env, ...sites.env }),
  argv: process.argv.slice(2),
  // On this machine nobody has to wait a second between two requests.
  settings: async (env) => ({ pace: { bringatrailer: { gapMs: 20 } }, ...((await loadSettings(env)) as object) }),
  greeting: (statusUrl) => [
    `${Object.keys(sites.sites).length} demo sites are up on this machine. bet9ja is in a bad mood: it will break in the middle of a run.`,
    `Status page: ${statusUrl}`,
    'Type /scrape now, then the number before a button to press it. /scrape help lists the rest; Ctrl-C stops.',
  ],
  // The site calms down once it has thrown us out, or when a retry of an earlier demo's run comes along.
  onChain(chain) {
    const jobs = chain.runs.flatMap((run) => run.jobs).filter((job) => job.platform === 'bet9ja');
    const thrownOut = jobs.some((job) => job.failureKind !== null && job.finishedAt !== null && job.finishedAt > start);
    const retried = jobs.some((job) => job.retryNumber > 0 && job.finishedAt === null);
    if ((thrownOut || retried) && sites.sites.bet9ja.mood === 'breaks') sites.sites.bet9ja.setMood('ok');
  },
  onStop: async () => sites[Symbol.asyncDispose](),
});
