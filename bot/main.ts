/** `npm start`: the bot, with the console as its surface. */
import { loadSettings, readEnvFile } from './load-settings.ts';
import { runProcess } from './run-process.ts';

readEnvFile();

process.exitCode = await runProcess({
  env: process.env,
  argv: process.argv.slice(2),
  settings: () => loadSettings(process.env),
  greeting: (statusUrl) => [`Status page: ${statusUrl}`, 'Type /scrape now, or /scrape help. Ctrl-C stops.'],
});
