/** Reads what a process is started with: `.env`, when there is one, and `rescrape.config.ts`. */
import { existsSync } from 'node:fs';
import { ConfigError } from './config.ts';

/** Adds the variables of `.env` to the environment; those that are set already win. */
export function readEnvFile(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
}

/** The settings file's default export, unchecked; a file that cannot be read is a fault of the configuration. */
export async function loadSettings(): Promise<unknown> {
  try {
    const file = await import('../rescrape.config.ts');
    return file.default;
  } catch (error) {
    const [what] = (error instanceof Error ? error.message : '').split('\n');
    throw new ConfigError([`rescrape.config.ts cannot be read: ${what}`]);
  }
}
