/** The access rules of each surface, from settings and configuration. */
import { decideAccess, type AccessVerdict, type Right, type SurfaceAccess } from '#bot/runs/access.ts';
import type { Asking } from '#bot/chat/surface.ts';
import type { Config } from './config.ts';

/** The groups that rights are given to, by their ids. */
export function groupsNamed({ view, retry, run, admin }: SurfaceAccess['rules']): string[] {
  const named = [view, retry, run, admin].flatMap((allowed) => allowed ?? []);
  const groups = named.filter((one) => one.startsWith('group:')).map((one) => one.slice('group:'.length));
  return [...new Set(groups)];
}

/** The channels a surface tells runs in, its home first. */
export function channelsOf(config: Config, surface: 'slack' | 'discord'): string[] {
  const home = config[surface]?.channel;
  const routed = config.settings.routes.filter((route) => route.surface === surface).map((route) => route.channel);
  return [...new Set([...(home === undefined ? [] : [home]), ...routed])];
}

/** Answers who may do what. The console is open to whoever the operating system let in; an unknown surface to nobody. */
export function accessRules(config: Config) {
  const { slack, discord } = config.settings.access;
  const rules: Record<string, SurfaceAccess> = {
    slack: { team: null, channels: channelsOf(config, 'slack'), rules: slack, ask: slack.ask ?? null },
    discord: {
      team: config.discord?.guild ?? null,
      channels: channelsOf(config, 'discord'),
      rules: discord,
      ask: discord.ask ?? null,
    },
  };
  return {
    may(right: Right, request: Asking): AccessVerdict {
      if (request.surface === 'console') return { allowed: true, by: null };
      const access = rules[request.surface];
      if (access === undefined) return { allowed: false, reason: 'elsewhere' };
      return decideAccess(right, { user: request.actor.id, ...request.place }, access);
    },
    askWhom: (surface: string): string | null => rules[surface]?.ask ?? null,
  };
}
