import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAfterSwap } from '#bot/page/after-swap.ts';
import { scratchFolder } from '../../status-page/scratch-folder.ts';

const folder = await scratchFolder();
let count = 0;

/** A status folder with a small site, a place to publish it to, and a command in the words of a shell. */
async function publishing(script: string) {
  const statusDir = join(folder, String((count += 1)));
  const target = join(statusDir, 'web');
  await mkdir(join(statusDir, 'current', 'runs', '7'), { recursive: true });
  await mkdir(target);
  await writeFile(join(statusDir, 'current', 'index.html'), 'front');
  await writeFile(join(statusDir, 'current', 'runs', '7', 'index.html'), 'run 7');
  const told: { fields: object; message: string }[] = [];
  const tell = (fields: object, message: string) => void told.push({ fields, message });
  const log = { debug: tell, warn: tell } as Parameters<typeof createAfterSwap>[0]['log'];
  const after = createAfterSwap({ command: ['sh', '-c', script, 'publish', target], statusDir, log });
  const lines = async (name: string) =>
    (await readFile(join(target, name), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  return { after, told, target, lines };
}

describe('the publish command', () => {
  it('finds the site as plain files, and a list of what changed', async () => {
    const { after, target, lines } = await publishing(
      'cp -a "$STATUS_DIR/current/." "$1" && cp "$STATUS_CHANGED" "$1/list"',
    );
    after.changed(['/', '/runs/7/', '/404.html']);
    await expect.poll(() => lines('list')).toEqual(['index.html', 'runs/7/index.html', '404.html']);
    expect(await readFile(join(target, 'index.html'), 'utf8')).toBe('front');
    expect(await readFile(join(target, 'runs', '7', 'index.html'), 'utf8')).toBe('run 7');
    await after.stop();
  });

  it('never runs twice at once: what changes meanwhile is one more run', async () => {
    const waits =
      'echo begins >> "$1/log"; until [ -e "$1/go" ]; do sleep 0.02; done; cat "$STATUS_CHANGED" >> "$1/log"';
    const { after, target, lines } = await publishing(waits);
    after.changed(['/']);
    await expect.poll(() => lines('log')).toEqual(['begins']);
    after.changed(['/runs/1/']);
    after.changed(['/runs/2/']);
    await writeFile(join(target, 'go'), '');
    const whole = ['begins', 'index.html', 'begins', 'runs/1/index.html', 'runs/2/index.html'];
    await expect.poll(() => lines('log')).toEqual(whole);
    await after.stop();
  });

  it('says when it failed, without what it printed, and gets the same again with the next change', async () => {
    const script = 'if [ ! -e "$1/open" ]; then echo a-secret >&2; exit 3; fi; cp "$STATUS_CHANGED" "$1/list"';
    const { after, told, target, lines } = await publishing(script);
    after.changed(['/']);
    await expect
      .poll(() => told)
      .toEqual([
        {
          fields: { program: 'sh', why: 'it ended with status 3' },
          message: 'the publish command failed; it runs again with the next change of the page',
        },
      ]);
    await writeFile(join(target, 'open'), '');
    after.changed(['/runs/1/']);
    await expect.poll(() => lines('list')).toEqual(['index.html', 'runs/1/index.html']);
    await after.stop();
  });

  it('is ended with the bot', async () => {
    const { after, target, lines } = await publishing('echo begins > "$1/log"; exec sleep 600');
    after.changed(['/']);
    await expect.poll(() => lines('log')).toEqual(['begins']);
    await after.stop();
    expect(await readdir(target)).toEqual(['log']);
  });
});
