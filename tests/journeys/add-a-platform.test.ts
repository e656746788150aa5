import { execFileSync, spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../helpers/database.ts';
import { startProcess, type HouseProcess } from '../helpers/house-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { url } = await testDatabase();
let copy: string;
let demo: HouseProcess;
let made: ReturnType<typeof newPlatform>;

/** `npm run new:platform` in the copy. */
function newPlatform(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scraper/new-platform-command.ts', ...words], {
    cwd: copy,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** The files the page shows, with their text. */
async function shown(): Promise<[path: string, text: string][]> {
  const page = await readFile(join(root, 'docs/add-a-platform.md'), 'utf8');
  const blocks = page.matchAll(/\*\*`([^`]+)`\*\*\n\n```\w+\n(.*?)```/gs);
  return Array.from(blocks, ([, path = '', text = '']) => [path, text]);
}

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
  await cp(join(root, '.env.example'), join(copy, '.env.example'));
  made = newPlatform('quickbet');
  const only = { extends: './tsconfig.json', include: [], files: ['scraper/platforms/quickbet/index.ts'] };
  await writeFile(join(copy, 'tsconfig.quickbet.json'), JSON.stringify(only));
  demo = startProcess('tests/demo.ts', ['--json'], { DATABASE_URL: url, DATA_DIR: join(copy, '.data') }, { cwd: copy });
});

afterAll(async () => {
  await demo[Symbol.asyncDispose]();
  await rm(copy, { recursive: true, force: true, maxRetries: 20 });
});

describe('a platform added as the page says', () => {
  it('is made by one command, with exactly the files that the page shows', async () => {
    expect(made).toMatchObject({ status: 0, stderr: '' });
    expect(made.stdout).toContain('npm test -- tests/scraper/platforms/quickbet.test.ts');
    const files = await shown();
    expect(files.length).toBeGreaterThan(3);
    for (const [path, text] of files) expect([path, await readFile(join(copy, path), 'utf8')]).toEqual([path, text]);
  });

  it('has its line in the registry as the page says, and its variable in the example environment', async () => {
    const page = await readFile(join(root, 'docs/add-a-platform.md'), 'utf8');
    const line = /^export const platforms.*quickbet\];$/m.exec(page)?.[0];
    expect(line).toBeDefined();
    const registry = await readFile(join(copy, 'scraper/platforms/index.ts'), 'utf8');
    expect(registry).toContain(line);
    expect(registry).toContain("import { quickbet } from './quickbet/index.ts';");
    expect(await readFile(join(copy, '.env.example'), 'utf8')).toMatch(/^QUICKBET_URL=$/m);
  });

  it('is not made twice, nor under an id that cannot be one, and nothing is overwritten', async () => {
    const before = await readFile(join(copy, 'scraper/platforms/quickbet/index.ts'), 'utf8');
    const refusals: [words: string[], sentence: RegExp][] = [
      [['quickbet'], /^There is a platform quickbet already: nothing was written\.$/m],
      [[], /^Name one platform: npm run new:platform quickbet$/m],
      [['one', 'two'], /^Name one platform/m],
      [['Quick Bet'], /^"Quick Bet" cannot be the id of a platform: small letters/m],
      [['../evil'], /cannot be the id of a platform/],
      [['_template'], /cannot be the id of a platform/],
      [['class'], /^class is a word of the language or of this house: choose another id\.$/m],
    ];
    for (const [words, sentence] of refusals) {
      const { status, stdout, stderr } = newPlatform(...words);
      expect({ words, status, stdout }).toEqual({ words, status: 1, stdout: '' });
      expect(stderr).toMatch(sentence);
    }
    expect(await readFile(join(copy, 'scraper/platforms/quickbet/index.ts'), 'utf8')).toBe(before);
    await writeFile(join(copy, 'tests/scraper/platforms/slowbet.test.ts'), 'mine');
    expect(newPlatform('slowbet').stderr).toContain('tests/scraper/platforms/slowbet.test.ts exists already');
    expect(await readFile(join(copy, 'scraper/platforms/index.ts'), 'utf8')).not.toContain('slowbet');
  });

  it('has tests that run, of which one fails and says what is next', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--config',
        'tests/vitest.config.ts',
        'tests/scraper/platforms/quickbet.test.ts',
      ],
      { cwd: copy, encoding: 'utf8', env: { ...process.env, TEST_DATABASE_URL: url, NO_COLOR: '1' } },
    );
    const said = `${stdout}${stderr}`;
    expect(status, said).toBe(1);
    expect(said).toContain('quickbet is still the example it was made from. Next:');
    expect(said).toMatch(/1 failed \| 5 passed/);
  });

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
