import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** What a process prints that ends by an error nobody handled; `started` is whether it had started before. */
function endOf(started: boolean): { stderr: string; status: number | null } {
  const program = `
    import { listenForStop } from '#bot/stop-signal.ts';
    import { startFailure } from '#bot/start-failure.ts';
    const stop = listenForStop();
    if (${started}) stop.started();
    setImmediate(() => void Promise.reject(new Error('a library slipped')));
    await stop.requested.catch((error) => {
      const { text, status } = startFailure(error, undefined);
      process.stderr.write(text);
      process.exitCode = status;
    });`;
  const { stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  return { stderr, status };
}

describe('an error that nothing handled', () => {
  it('ends a process that had started with what to do, and the place of the error', () => {
    const { stderr, status } = endOf(true);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Rescrape has ended because of an error that nothing handled\. Start it again/);
    expect(stderr).toContain('Error: a library slipped\n    at ');
  });

  it('is why a process could not start that had not', () => {
    expect(endOf(false)).toEqual({ stderr: 'Rescrape could not start. a library slipped\n', status: 1 });
  });
});
