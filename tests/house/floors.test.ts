/** The floors as the linter sees them: snippets in a bare copy of the folder layout, judged by the house's own config. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cases, type Case } from './floor-cases.ts';

const house = join(import.meta.dirname, '../..');
const verdicts = new Map<string, string>();
let copy = '';

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'rescrape-floors-'));
  for (const name of ['oxlint.config.ts', 'floors.config.ts', 'package.json', 'tsconfig.json']) {
    await copyFile(join(house, name), join(copy, name));
  }
  await symlink(join(house, 'node_modules'), join(copy, 'node_modules'), 'dir');
  for (const [file, lines] of filesOf(cases)) {
    await mkdir(join(copy, dirname(file)), { recursive: true });
    await writeFile(join(copy, file), lines.join('\n'));
  }
  for (const { filename, labels, code, help, message } of await lint()) {
    const line = labels[0]?.span.line ?? 0;
    if (code === undefined) throw new Error(`${filename}:${line} is not a program, so nothing was judged: ${message}`);
    if (code.includes('no-restricted-')) verdicts.set(`${filename}:${line}`, `${message} ${help ?? ''}`);
  }
});

afterAll(() => rm(copy, { recursive: true, force: true }));

describe('the floors', () => {
  test.each(cases)('%s', (title, file, code, told) => {
    const verdict = verdicts.get(`${file}:${lineOf(file, code)}`) ?? 'nothing';
    expect(verdict, title).toContain(told ?? 'nothing');
  });
});

/** One file per path, each case on its own line, so that a verdict's line names its case. */
function filesOf(all: Case[]): Map<string, string[]> {
  const files = new Map<string, string[]>();
  for (const [, file, code] of all) {
    const lines = files.get(file) ?? (file.endsWith('.astro') ? ['---', '---'] : []);
    const end = file.endsWith('.astro') ? lines.length - 1 : lines.length;
    files.set(file, lines.toSpliced(end, 0, code));
  }
  return files;
}

function lineOf(file: string, code: string): number {
  return (filesOf(cases).get(file)?.indexOf(code) ?? -1) + 1;
}

interface Diagnostic {
  filename: string;
  message: string;
  /** The rule; a snippet that does not parse has none. */
  code?: string;
  help?: string;
  labels: { span: { line: number } }[];
}

/** Everything the linter has to say about the copy. It ends with 1 when it has something to say. */
function lint(): Promise<Diagnostic[]> {
  const oxlint = join(house, 'node_modules/oxlint/bin/oxlint');
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [oxlint, '--format=json'], { cwd: copy, maxBuffer: 64e6 }, (error, stdout, stderr) => {
      if (error && error.code !== 1) reject(new Error(`oxlint did not run: ${stderr || stdout}`));
      else resolve((JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics);
    });
  });
}
