/** Reads the settings file that a process is started with. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError, type Environment } from '#db/environment.ts';

/**
 * The default export of `rescrape.config.ts`, or of the file that CONFIG_FILE names, unchecked; a file that cannot be read
 * is a fault of the configuration.
 */
export async function loadSettings(env: Environment): Promise<unknown> {
  const named = env['CONFIG_FILE'] || null;
  const url = named === null ? new URL('../rescrape.config.ts', import.meta.url) : pathToFileURL(resolve(named));
  try {
    // A module is kept as it was first read: another version of the file is another module.
    url.searchParams.set('version', String((await stat(url)).mtimeMs));
    const file = (await import(url.href)) as { default?: unknown };
    return file.default;
  } catch (error) {
    const [what] = (error instanceof Error ? error.message : '').split('\n');
    throw new ConfigError([`${named ?? 'rescrape.config.ts'} cannot be read: ${what}`]);
  }
}
