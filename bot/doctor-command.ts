/** `npm run doctor`: checks configuration, database, Slack and Discord, and says what to do about what is wrong. */
import { examine } from './doctor.ts';
import { loadSettings } from './load-settings.ts';

process.exitCode = await examine({
  env: process.env,
  settings: loadSettings,
  write: (text) => void process.stdout.write(text),
});
