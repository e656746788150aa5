import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../helpers/database.ts';
import { startProcess, type HouseProcess } from '../helpers/house-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { url } = await testDatabase();
let copy: string;
let demo: HouseProcess;

/** A copy of the house in which the page's instructions have been followed to the letter. */
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'rescrape-platform-'));
  for (const part of [
    'bot',
    'db',
    'scraper',
    'status-page',
    'tests',
    'package.json',
    'rescrape.config.ts',
    'tsconfig.json',
  ]) {
    await cp(join(root, part), join(copy, part), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  const page = await readFile(join(root, 'docs/add-a-platform.md'), 'utf8');
  for (const [, path, text] of page.matchAll(/\*\*`([^`]+)`\*\*\n\n```\w+\n(.*?)```/gs)) {
    await mkdir(dirname(join(copy, path ?? '')), { recursive: true });
    await writeFile(join(copy, path ?? ''), text ?? '');
  }
  const registry = join(copy, 'scraper/platforms/index.ts');
  const line = /^export const platforms.*quickbet\];$/m.exec(page)?.[0] ?? '';
  const before = await readFile(registry, 'utf8');
  const after = before.replace(/^export const platforms.*$/m, line);
  const only = { extends: './tsconfig.json', include: [], files: ['scraper/platforms/quickbet/index.ts'] };
  await writeFile(join(copy, 'tsconfig.quickbet.json'), JSON.stringify(only));
  await writeFile(registry, `import { quickbet } from './quickbet/index.ts';\n${after}`);
  demo = startProcess('tests/demo.ts', ['--json'], { DATABASE_URL: url, DATA_DIR: join(copy, '.data') }, copy);
});

afterAll(async () => {
  await demo[Symbol.asyncDispose]();
  await rm(copy, { recursive: true, force: true });
});

describe('a platform added as the page says', () => {
  it('fits the types', () => {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const check = () =>
      execFileSync(process.execPath, [compiler, '-p', 'tsconfig.quickbet.json'], { cwd: copy, encoding: 'utf8' });
    expect(check()).toBe('');
  });

  it('is scraped on command, and has its line on the card', async () => {
    demo.type('/scrape now quickbet');
    const card = await demo.until((said) => said.run === 1 && said.slot === 'card' && /is complete/.test(said.text));
    expect(card.text).toMatch(/quickbet +2 matches/);
  });

  it('is known where platforms are named', async () => {
    demo.type('/scrape now quickbte');
    const answer = await demo.until((said) => said.kind === 'reply' && /Did you mean/.test(said.text));
    expect(answer.text).toContain('Did you mean quickbet?');
  });

  it('stands on the status page', async () => {
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(demo.now(1, 'card')?.text ?? '')?.[0];
    await expect.poll(async () => (await fetch(`${address}/`)).text()).toContain('quickbet');
  });
});
