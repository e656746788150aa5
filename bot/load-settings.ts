/** Reads what a process is started with: `.env`, when there is one, and the settings file. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from './config.ts';

/** Adds the variables of `.env` to the environment; those that are set already win. */
export function readEnvFile(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
}

/**
 * The default export of `rescrape.config.ts`, or of the file that CONFIG_FILE names, unchecked; a file that cannot be read
 * is a fault of the configuration.
 */
export async function loadSettings(env: Record<string, string | undefined>): Promise<unknown> {
  const named = env['CONFIG_FILE'] || null;
  const url = named === null ? new URL('../rescrape.config.ts', import.meta.url) : pathToFileURL(resolve(named));
  try {
    const file = (await import(url.href)) as { default?: unknown };
    return file.default;
  } catch (error) {
    const [what] = (error instanceof Error ? error.message : '').split('\n');
    throw new ConfigError([`${named ?? 'rescrape.config.ts'} cannot be read: ${what}`]);
  }
}
