/** What a process is started with: its environment, the variables of `.env`, and secrets that stand in files. */
import { readFileSync, statSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration cannot be used; `faults` are sentences for people. Ends the process with status 78. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The configuration has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** Variables whose value may stand in a file, which `…_FILE` names: whatever is secret, or may hold a password. */
const secret = /^(?:DATABASE_URL|SLACK_BOT_TOKEN|SLACK_APP_TOKEN|SLACK_SIGNING_SECRET|DISCORD_TOKEN|[A-Z0-9_]+_PROXY)$/;

/** No secret is longer, bytes; a file that is one is another file. */
const LONGEST = 8_192;

/** Where containers are given their secrets: readable by everybody in there by their nature. */
const CONTAINER_SECRETS = '/run/secrets/';

/**
 * Reads all of it anew each time. What is set already wins over `.env`. A file of a secret that cannot be used is a
 * {@link ConfigError} that names it, and never what is in it.
 */
export function readEnvironment(own: Environment): Environment {
  const env: Record<string, string | undefined> = { ...dotEnv(), ...given(own) };
  const faults: string[] = [];
  for (const { variable, file } of secretFiles(env)) {
    if (env[variable]) {
      faults.push(`${variable} and ${variable}_FILE are both set: unset one of the two`);
      continue;
    }
    try {
      env[variable] = contentOf(file);
    } catch (error) {
      faults.push(`${variable}_FILE: ${file} ${error instanceof Error ? error.message : 'cannot be read'}`);
    }
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return env;
}

/** Files of secrets that every account of this machine may read, as sentences that say what to do. */
export function looseSecrets(env: Environment): string[] {
  return secretFiles(env)
    .filter(({ file }) => !file.startsWith(CONTAINER_SECRETS) && (statSync(file).mode & 0o004) !== 0)
    .map(({ variable, file }) => `${variable}_FILE can be read by everybody on this machine: chmod 600 ${file}`);
}

function secretFiles(env: Environment): { variable: string; file: string }[] {
  return Object.entries(env).flatMap(([name, file]) => {
    const variable = name.endsWith('_FILE') ? name.slice(0, -'_FILE'.length) : '';
    return file && secret.test(variable) ? [{ variable, file }] : [];
  });
}

/** One line, without its end: editors put one there. */
function contentOf(file: string): string {
  let text: string;
  try {
    if (statSync(file).size > LONGEST) throw new Error('is too long to be a secret');
    text = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    if (code === null) throw error;
    throw new Error(`cannot be read (${code})`, { cause: error });
  }
  if (text === '') throw new Error('is empty');
  if (/[\r\n\0]/.test(text)) throw new Error('has more than one line');
  return text;
}

/** Without what is set to nothing, which means not set. */
function given(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
}

function dotEnv(): Environment {
  try {
    return given(parseEnv(readFileSync('.env', 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'it is no text';
    throw new ConfigError([`.env cannot be read (${code})`]);
  }
}
