/** A bot as people run it beside a Slack and a Discord of ours, demo sites and a database: several processes if asked. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type { Settings } from '#bot/settings.ts';
import { startDemoSites, type DemoSites } from '../demo-sites/index.ts';
import { startFakeDiscord, type FakeDiscord } from '../fakes/discord/index.ts';
import { startFakeSlack, type FakeSlack } from '../fakes/slack/index.ts';
import { startProcess, type HouseProcess } from './house-process.ts';

/** Longest wait for a process to be up, milliseconds: it takes as long as the machine is busy. */
const PATIENCE_MS = 55_000;

/** Everything around the bots; disposing ends them too. */
export interface ChatHouse extends AsyncDisposable {
  sites: DemoSites;
  slack: FakeSlack;
  discord: FakeDiscord;
  /** Where its bots keep files: the status page in `status`. */
  dataDir: string;
  configFile: string;
  /** Starts another bot on the same database and the same tokens, unless it is given others; with `--json` unless told otherwise. */
  startBot(more?: Record<string, string>, args?: readonly string[]): HouseProcess;
  /** Resolves when commands are answered in Slack and known to Discord. */
  up(): Promise<void>;
  /** What stands on each surface, oldest first. */
  onSlack(): string[];
  onDiscord(): string[];
  /** The id of the newest message on Discord that carries a button. */
  bearing(action: string): string;
}

/** Opens the house, without a bot in it yet. `settings` are those of the three books unless given. */
export async function openChatHouse(
  databaseUrl: string,
  moods: NonNullable<Parameters<typeof startDemoSites>[0]>['moods'],
  settings: z.input<typeof Settings> = {},
): Promise<ChatHouse> {
  await using opened = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'rescrape-chat-'));
  opened.defer(() => rm(dataDir, { recursive: true, force: true, maxRetries: 20 }));
  const configFile = join(dataDir, 'settings.mjs');
  const books = { platforms: ['sportybet', 'bet9ja', 'betpawa'] };
  await writeFile(configFile, `export default ${JSON.stringify({ ...books, ...settings })};`);
  const sites = opened.use(await startDemoSites({ latencyMs: 0, moods }));
  const slack = opened.use(await startFakeSlack());
  const discord = opened.use(await startFakeDiscord());
  const all = opened.move();
  return {
    sites,
    slack,
    discord,
    dataDir,
    configFile,
    startBot(more = {}, args = ['--json']) {
      const bot = startProcess('bot/main.ts', args, {
        DATABASE_URL: databaseUrl,
        DATA_DIR: dataDir,
        CONFIG_FILE: configFile,
        SLACK_BOT_TOKEN: slack.state.tokens.bot,
        SLACK_APP_TOKEN: slack.state.tokens.app,
        SLACK_CHANNEL: slack.channel,
        SLACK_API_URL: slack.apiUrl,
        DISCORD_TOKEN: discord.world.token,
        DISCORD_GUILD: discord.world.guild,
        DISCORD_CHANNEL: discord.world.channel,
        DISCORD_API_URL: discord.url,
        ...sites.env,
        ...more,
      });
      return all.use(bot);
    },
    async up() {
      await until('Slack', async () => (await slack.person.command('help').catch(() => null))?.acked === true);
      await until('Discord', async () => discord.world.commands.length > 0);
    },
    onSlack: () => slack.standing().map((one) => one.seen),
    onDiscord: () => [...discord.world.messages.values()].map((one) => discord.textOf(one)),
    bearing(action) {
      const carries = `"${action}"`;
      const messages = [...discord.world.messages.values()];
      const found = messages.findLast((one) => JSON.stringify(one.components).includes(carries));
      if (found === undefined) throw new Error(`no message on Discord carries ${action}`);
      return found.id;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Not vitest's own: the house is opened outside of tests too. */
async function until(what: string, is: () => Promise<boolean>): Promise<void> {
  for (const began = performance.now(); !(await is()); await sleep(200)) {
    if (performance.now() - began > PATIENCE_MS)
      throw new Error(`the bot is not up in ${what} after ${PATIENCE_MS} ms`);
  }
}
