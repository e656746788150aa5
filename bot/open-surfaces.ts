/** The chat surfaces that are set up. A library is loaded only when its surface is: the two are large. */
import { commands } from '#bot/commands/index.ts';
import type { Surface } from '#bot/chat/surface.ts';
import { groupsNamed } from './access-rules.ts';
import type { Config } from './config.ts';
import type { Log } from './log.ts';

/** Opens what the configuration sets up; `installation` tells this database's messages from another's. */
export async function openSurfaces(config: Config, installation: string, log: Log): Promise<Surface[]> {
  const surfaces: Surface[] = [];
  if (config.slack !== null) {
    const { createSlack } = await import('#bot/slack/surface.ts');
    const groups = groupsNamed(config.settings.access.slack);
    surfaces.push(createSlack({ ...config.slack, groups, installation, log: log.child({ surface: 'slack' }) }));
  }
  if (config.discord !== null) {
    const { createDiscord } = await import('#bot/discord/surface.ts');
    const discordLog = log.child({ surface: 'discord' });
    surfaces.push(createDiscord({ ...config.discord, installation, commands, log: discordLog }));
  }
  return surfaces;
}
