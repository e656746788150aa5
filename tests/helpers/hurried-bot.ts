/** The bot as `npm start` starts it, for sites of our own: nobody has to wait a second between two requests, or for attempts. */
import { runProcess } from '#bot/run-process.ts';

process.exitCode = await runProcess({
  env: process.env,
  argv: process.argv.slice(2),
  settings: async () => ({ pace: { bringatrailer: { gapMs: 0 } }, retry: { attempts: 1 } }),
  greeting: () => [],
});
