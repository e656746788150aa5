/** A configuration that changes while the process runs: a hang-up makes it read anew, and go on with what it found. */
import type { Config } from './config.ts';
import { ConfigError } from '#db/environment.ts';
import type { Log } from './log.ts';
import type { StopSignal } from './stop-signal.ts';

/**
 * Resolves with the next configuration once there is one that differs and has no fault, or with null when the process is
 * to stop. Until then everything goes on with the one it has.
 */
export async function nextConfig(
  stop: StopSignal,
  now: Config,
  read: () => Promise<Config>,
  log: Log,
): Promise<Config | null> {
  const stopped = stop.requested.then(() => null);
  for (;;) {
    const asked = await Promise.race([stopped, stop.rereadAsked().then(() => 'reread' as const)]);
    if (asked === null) return null;
    try {
      const next = await read();
      if (JSON.stringify(next) !== JSON.stringify(now)) {
        log.info('the configuration was read again and has changed: starting anew with it');
        return next;
      }
      log.info('the configuration was read again, and is as before');
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      log.error({ faults: error.faults }, 'the configuration was read again and cannot be used: the former one stays');
    }
  }
}
