import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError, looseSecrets, readEnvironment, type Environment } from '#db/environment.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rescrape-secrets-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function aFile(name: string, content: string, mode = 0o600): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  await chmod(file, mode);
  return file;
}

function faultsOf(env: Environment): readonly string[] {
  try {
    readEnvironment(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

describe('secrets in files', () => {
  it('are read where a variable names them, without the end of the line', async () => {
    const env = {
      DISCORD_TOKEN_FILE: await aFile('discord', 'token.of.discord\n'),
      DATABASE_URL_FILE: await aFile('database', 'postgres://a:b@c/d'),
      BET9JA_PROXY_FILE: await aFile('proxy', 'http://user:pass@proxy:3128\r\n'),
    };
    expect(readEnvironment(env)).toMatchObject({
      DISCORD_TOKEN: 'token.of.discord',
      DATABASE_URL: 'postgres://a:b@c/d',
      BET9JA_PROXY: 'http://user:pass@proxy:3128',
    });
  });

  it('are read anew each time', async () => {
    const env = { DISCORD_TOKEN_FILE: await aFile('rotated', 'first') };
    expect(readEnvironment(env)['DISCORD_TOKEN']).toBe('first');
    await aFile('rotated', 'second');
    expect(readEnvironment(env)['DISCORD_TOKEN']).toBe('second');
  });

  it('that cannot be used are named all at once, never with what is in them', async () => {
    const faults = faultsOf({
      SLACK_BOT_TOKEN_FILE: join(folder, 'nowhere'),
      SLACK_APP_TOKEN_FILE: await aFile('empty', '\n'),
      SLACK_SIGNING_SECRET_FILE: await aFile('lines', 'SECRET1\nSECRET2\n'),
      DISCORD_TOKEN_FILE: await aFile('long', 'SECRET'.repeat(2_000)),
      DATABASE_URL: 'postgres://SECRET@c/d',
      DATABASE_URL_FILE: await aFile('both', 'postgres://SECRET@c/d'),
    });
    expect(faults).toEqual([
      `SLACK_BOT_TOKEN_FILE: ${join(folder, 'nowhere')} cannot be read (ENOENT)`,
      `SLACK_APP_TOKEN_FILE: ${join(folder, 'empty')} is empty`,
      `SLACK_SIGNING_SECRET_FILE: ${join(folder, 'lines')} has more than one line`,
      `DISCORD_TOKEN_FILE: ${join(folder, 'long')} is too long to be a secret`,
      'DATABASE_URL and DATABASE_URL_FILE are both set: unset one of the two',
    ]);
    expect(faults.join()).not.toContain('SECRET1');
  });

  it('are only looked for where a variable may hold a secret', async () => {
    const env = { CONFIG_FILE: 'x', NODE_EXTRA_FILE: await aFile('other', 'y'), PORT_FILE: await aFile('port', '1') };
    expect(readEnvironment(env)).not.toHaveProperty('PORT');
    expect(readEnvironment(env)).not.toHaveProperty('CONFIG');
  });

  it('that everybody may read are named, with what to do', async () => {
    const env = {
      DISCORD_TOKEN_FILE: await aFile('loose', 'x', 0o644),
      SLACK_BOT_TOKEN_FILE: await aFile('tight', 'y'),
    };
    expect(looseSecrets(env)).toEqual([
      `DISCORD_TOKEN_FILE can be read by everybody on this machine: chmod 600 ${join(folder, 'loose')}`,
    ]);
  });
});

it('what is set wins over .env, and what is set to nothing is not set', () => {
  expect(readEnvironment({ PORT: '', LOG_LEVEL: 'warn' })).not.toHaveProperty('PORT', '');
  expect(readEnvironment({ PORT: '', LOG_LEVEL: 'warn' })).toHaveProperty('LOG_LEVEL', 'warn');
});
