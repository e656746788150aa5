/** Which channels a run is told in. */
import type { Chain, RunStatus } from '#db/run-facts.ts';

/** Runs that are told in a channel; what is left out does not matter, and what is given must all fit. */
export interface Route {
  surface: string;
  channel: string;
  /** Runs with at least one of these platforms; the whole run is told. */
  platforms?: readonly string[] | undefined;
  /** Runs that ended so. They are told from their end on. */
  statuses?: readonly RunStatus[] | undefined;
  /** Runs of these schedules. */
  schedules?: readonly string[] | undefined;
}

/** A channel that runs are told in, and which ones. */
export interface Channel {
  channel: string;
  tells: (chain: Chain) => boolean;
}

/**
 * The channels of a surface: its home, where everything is told, and those of the routes. Routes to the home itself say
 * what is told there instead. A chain goes where its root goes, so its retries follow it.
 */
export function channelsOf(surface: string, home: string, routes: readonly Route[]): Channel[] {
  const byChannel = new Map<string, Route[]>([[home, []]]);
  for (const route of routes.filter((one) => one.surface === surface)) {
    byChannel.set(route.channel, [...(byChannel.get(route.channel) ?? []), route]);
  }
  return [...byChannel].map(([channel, ways]) => ({
    channel,
    tells: (chain) => (channel === home && ways.length === 0) || ways.some((route) => fits(chain, route)),
  }));
}

function fits({ runs: [root] }: Chain, { platforms, statuses, schedules }: Route): boolean {
  if (platforms !== undefined && !platforms.some((platform) => root.platforms.includes(platform))) return false;
  if (schedules !== undefined && !schedules.some((name) => root.trigger === `schedule:${name}`)) return false;
  return statuses === undefined || (root.finishedAt !== null && statuses.includes(root.status));
}
