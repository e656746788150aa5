import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { createConsole } from '#bot/console/surface.ts';
import { testSurface } from '../../contracts/surface.ts';
import { ada } from '../../helpers/house.ts';
import type { Said } from '../../helpers/house-process.ts';

testSurface('console', async () => {
  const exportsDir = await mkdtemp(join(tmpdir(), 'rescrape-exports-'));
  const input = new PassThrough();
  const output = new PassThrough({ encoding: 'utf8' });
  const said: Said[] = [];
  output.on('data', (lines: string) => {
    for (const line of lines.trimEnd().split('\n')) said.push(JSON.parse(line) as Said);
  });
  const surface = createConsole({
    input,
    output,
    json: true,
    actor: ada,
    exportsDir,
    whenTold: async () => {},
    onTrouble: (error) => {
      throw error;
    },
    onQuit: () => {},
  });
  return {
    surface,
    type: async (text) => void input.write(`/scrape ${text}\n`),
    press: async (action) => void input.write(`press ${action}\n`),
    async standing() {
      const last = new Map(
        said.filter((one) => one.kind !== 'reply').map((one) => [`${one.run}/${one.slot}`, one.text]),
      );
      return [...last.values()];
    },
    async files() {
      const names = await readdir(exportsDir);
      return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(exportsDir, name), 'utf8') })));
    },
    answers: async () => said.filter((one) => one.kind === 'reply').map((one) => one.text),
    async [Symbol.asyncDispose]() {
      await surface.stop();
      await rm(exportsDir, { recursive: true, force: true });
    },
  };
});
