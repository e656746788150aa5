/** `npm start`: the bot, with the console as its surface. */
import { keepCompiled } from './compiled.ts';

keepCompiled();
const { readEnvironment } = await import('#db/environment.ts');
const { loadSettings } = await import('./load-settings.ts');
const { runProcess } = await import('./run-process.ts');

process.exitCode = await runProcess({
  env: () => readEnvironment(process.env),
  argv: process.argv.slice(2),
  settings: loadSettings,
  greeting: (statusUrl) => [`Status page: ${statusUrl}`, 'Type /scrape now, or /scrape help. Ctrl-C stops.'],
});
