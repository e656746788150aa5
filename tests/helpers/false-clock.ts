/** Clocks that are moved by hand under real processes, through Debian's libfaketime; only they see it. */
import { existsSync, globSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian's package `faketime` puts it; null where it is not installed. */
const library = globSync('/usr/lib/*/faketime/libfaketime.so.1').find((path) => existsSync(path)) ?? null;

/** Why tests that need it are skipped, when they are. */
export const noFalseClock = library === null ? 'libfaketime is not installed (apt-get install faketime)' : null;

/** A clock for as many processes as are started with its environment. */
export interface FalseClock {
  env: Record<string, string>;
  /** How much later than the real one it shows from now on, milliseconds. */
  ahead(ms: number): void;
  /** Goes on from this moment. */
  set(at: string): void;
}

/** Makes a clock that is right at first; its file is kept in `folder`. Timers and waits are not touched by it. */
export function falseClock(folder: string, name: string): FalseClock {
  const file = join(folder, name);
  function ahead(ms: number): void {
    // By a rename, since it is read at any moment.
    writeFileSync(`${file}.next`, `${ms < 0 ? '-' : '+'}${(Math.abs(ms) / 1_000).toFixed(3)}\n`);
    renameSync(`${file}.next`, file);
  }
  ahead(0);
  return {
    env: {
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    },
    ahead,
    set: (at) => ahead(Date.parse(at) - Date.now()),
  };
}
