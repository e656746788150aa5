/** `npm start`: the bot, with the console as its surface. */
import settings from '../rescrape.config.ts';
import { runProcess } from './run-process.ts';

process.exitCode = await runProcess({
  env: process.env,
  argv: process.argv.slice(2),
  settings,
  greeting: (statusUrl) => [`Status page: ${statusUrl}`, 'Type /scrape now, or /scrape help. Ctrl-C stops.'],
});
