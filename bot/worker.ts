/** `npm run worker`: takes jobs on the same database as the bot; run as many as you like, anywhere. */
import { keepCompiled } from './compiled.ts';

keepCompiled();
const { readEnvironment } = await import('#db/environment.ts');
const { runWorkerProcess } = await import('./worker-process.ts');

process.exitCode = await runWorkerProcess({ env: () => readEnvironment(process.env), argv: process.argv.slice(2) });
