/** `npm run doctor`: checks configuration, database, Slack and Discord, and says what to do about what is wrong. */
import { examine } from './doctor.ts';
import { loadSettings, readEnvFile } from './load-settings.ts';

readEnvFile();
process.exitCode = await examine({
  env: process.env,
  settings: () => loadSettings(process.env),
  write: (text) => void process.stdout.write(text),
});
