/** `npm start`: the bot, with the console as its surface. */
import { readEnvironment } from '#db/environment.ts';
import { loadSettings } from './load-settings.ts';
import { runProcess } from './run-process.ts';

process.exitCode = await runProcess({
  env: () => readEnvironment(process.env),
  argv: process.argv.slice(2),
  settings: loadSettings,
  greeting: (statusUrl) => [`Status page: ${statusUrl}`, 'Type /scrape now, or /scrape help. Ctrl-C stops.'],
});
