/** Looks at everything a start needs, and says what is wrong before anything is started. */
import { platforms } from '#scraper/index.ts';
import { findingText, good, note, type Finding } from '#bot/chat/checkup.ts';
import { commands } from '#bot/commands/index.ts';
import { channelsOf, groupsNamed } from './access-rules.ts';
import { ConfigError, looseSecrets, readEnvironment, type Environment } from '#db/environment.ts';
import { loadConfig, type Config } from './config.ts';
import { checkDatabase } from './database-check.ts';
import { createRedactor, secretsOf } from './redactor.ts';

/** The exit status of a configuration that cannot be used (sysexits' EX_CONFIG). */
const EXIT_CONFIG = 78;

/** What is looked at, and where it is said. */
export interface DoctorParts {
  env: Environment;
  settings: (env: Environment) => Promise<unknown>;
  write: (text: string) => void;
}

/** Resolves with the exit status: 0 when everything works, 1 when something does not, 78 when the configuration is wrong. */
export async function examine({ env: own, settings, write }: DoctorParts): Promise<number> {
  const redactor = createRedactor();
  let ill = false;
  /** Prints each finding as it comes; whatever it says, no secret is in it. */
  async function report(title: string, findings: AsyncIterable<Finding> | Iterable<Finding>): Promise<void> {
    write(`${title}\n`);
    for await (const finding of findings) {
      ill ||= finding.state === 'bad';
      write(redactor.clean(findingText(finding)));
    }
    write('\n');
  }

  let config: Config;
  let env: Environment;
  try {
    env = readEnvironment(own);
    config = loadConfig(env, await settings(env), platforms);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    await report(
      'Configuration',
      error.faults.map((what): Finding => ({ state: 'bad', what, remedy: null })),
    );
    return EXIT_CONFIG;
  }
  redactor.know(secretsOf(config));
  const loose = looseSecrets(env).map((what) => note(what, 'Whoever reads it can speak as the bot.'));
  await report('Configuration', [good('.env and rescrape.config.ts have no fault'), ...loose]);
  await report('Database', checkDatabase(config));
  await report('Slack', slackFindings(config));
  await report('Discord', discordFindings(config));
  write(ill ? 'Something has to be put right: see ✗.\n' : 'Everything that is set up works.\n');
  return ill ? 1 : 0;
}

async function* slackFindings(config: Config): AsyncGenerator<Finding> {
  const { slack, settings } = config;
  if (slack === null) return yield note('not set up', 'docs/slack.md tells how, in ten minutes.');
  const { checkSlack } = await import('#bot/slack/checkup.ts');
  const channels = channelsOf(config, 'slack');
  yield* checkSlack({ ...slack, channels, groups: groupsNamed(settings.access.slack) });
}

async function* discordFindings(config: Config): AsyncGenerator<Finding> {
  const { discord, settings } = config;
  if (discord === null) return yield note('not set up', 'docs/discord.md tells how, in ten minutes.');
  const { checkDiscord } = await import('#bot/discord/checkup.ts');
  const channels = channelsOf(config, 'discord');
  yield* checkDiscord({ ...discord, channels, commands, groups: groupsNamed(settings.access.discord) });
}
