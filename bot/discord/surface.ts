/** Discord as a surface: cards in one channel, replies in their threads, slash commands, buttons and forms. */
import type { Answers, Surface, SurfaceState } from '#bot/chat/surface.ts';
import { createApi } from './api.ts';
import { commandDefinition, type OfferedCommand } from './commands.ts';
import { logFields, TOKEN_WORDS } from './delivery.ts';
import { createGateway, type GatewayTiming } from './gateway.ts';
import type { Log } from './log.ts';
import { pause } from './pause.ts';
import { messageUrl } from './post-ref.ts';
import { createPosts } from './posts.ts';
import { registerCommand } from './register.ts';
import { createResponder, type Responder } from './responder.ts';

/** Longest wait for an answer that is being worked out when the surface is stopped, milliseconds. */
const FINISH_MS = 5_000;
/** From this age on Discord takes few edits of a message (its error 30046), milliseconds. */
const OLD_MESSAGE_MS = 3_600_000;
/** Waits between tries to register the command, milliseconds. */
const REGISTER_WAITS_MS = [1_000, 10_000, 60_000] as const;

/** Waits, milliseconds; shortened in tests. */
export interface DiscordTiming extends GatewayTiming {
  /** Longest wait for one answer of Discord. */
  requestMs: number;
  /** What is asked is begun to be written down within this long, or not at all. */
  commitMs: number;
  /** Longest wait for a first answer, within Discord's three seconds. */
  promptMs: number;
  /** Least time between two edits of a card that tell of progress only; of one older than an hour, whose edits are few. */
  progressMs: number;
  oldProgressMs: number;
}

const usualTiming: DiscordTiming = {
  retryMs: 1_000,
  longestRetryMs: 60_000,
  refusedMs: 60_000,
  stuckMs: 120_000,
  identifyGapMs: 5_000,
  requestMs: 10_000,
  commitMs: 1_500,
  promptMs: 2_000,
  progressMs: 3_000,
  oldProgressMs: 300_000,
};

/** How Discord is opened. */
export interface DiscordOptions {
  token: string;
  /** The id of the server, and of the channel in it. */
  guild: string;
  channel: string;
  /** Where the API is, without its version; null for Discord's own. */
  apiUrl: string | null;
  log: Log;
  /** The registry of commands: what the slash command offers. */
  commands: readonly OfferedCommand[];
  /** Tells our messages from those of another database with the same bot; runs are numbered from 1 in each. */
  installation?: string;
  timing?: Partial<DiscordTiming>;
}

/**
 * Opens Discord. `start` belongs to the one process that speaks, as every gateway connection of a token hears
 * everything; it can be started and stopped again and again. Posting needs no connection, only the token.
 */
export function createDiscord(options: DiscordOptions): Surface {
  const { token, guild, channel, apiUrl, log, commands } = options;
  const timing = { ...usualTiming, ...options.timing };
  const api = createApi({ token, apiUrl, timeoutMs: timing.requestMs });
  const posts = createPosts({
    api,
    channel,
    refusedMs: timing.refusedMs,
    installation: options.installation ?? '',
    readFile: async (id) => (await asked?.file?.(id)) ?? null,
  });
  let asked: Answers | null = null;
  let responder: Responder | null = null;
  let stopping = new AbortController();

  const gateway = createGateway({
    token,
    apiUrl,
    timeoutMs: timing.requestMs,
    guild,
    channel,
    timing,
    log,
    onUp(application) {
      posts.trust();
      void register(application, stopping.signal);
    },
    onInteraction: (interaction) => responder?.take(interaction),
  });

  async function register(application: string, stop: AbortSignal): Promise<void> {
    for (const wait of [0, ...REGISTER_WAITS_MS]) {
      await pause(wait, stop);
      if (stop.aborted) return;
      try {
        const put = await registerCommand(api, application, guild, commandDefinition(commands));
        if (put) log.info({}, 'the slash command is registered');
        return;
      } catch (error) {
        log.warn(logFields(error), 'the slash command could not be registered');
      }
    }
  }

  return {
    name: 'discord',
    home: channel,
    onlySpeaker: true,
    progressGap: (ageMs) => (ageMs < OLD_MESSAGE_MS ? timing.progressMs : timing.oldProgressMs),
    async start(answers) {
      if (responder !== null) return;
      asked = answers;
      stopping = new AbortController();
      responder = createResponder({
        api,
        guild,
        commands,
        answers,
        tell: posts.tell,
        commitMs: timing.commitMs,
        promptMs: timing.promptMs,
        installation: options.installation ?? '',
        log,
      });
      gateway.start();
    },
    state(): SurfaceState {
      const state = gateway.state();
      // The connection may outlive its token for a while.
      return state.kind === 'up' && posts.isRefused() ? { kind: 'down', why: TOKEN_WORDS, needsPerson: true } : state;
    },
    post: posts.post,
    edit: posts.edit,
    find: posts.find,
    urlOf: (ref) => messageUrl(guild, ref),
    async stop() {
      const finishing = responder;
      responder = null;
      stopping.abort();
      await gateway.stop();
      await finishing?.finish(FINISH_MS);
    },
  };
}
