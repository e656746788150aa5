import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** How a process ends that takes so long to stop properly, and is told to stop twice with a pause between, milliseconds. */
function toldTwice({ pause, takes }: { pause: number; takes: number }): { stdout: string; status: number | null } {
  const program = `
    import { listenForStop } from '#bot/stop-signal.ts';
    const stop = listenForStop();
    stop.started();
    process.emit('SIGINT');
    if (${pause} === 0) process.emit('SIGINT');
    else setTimeout(() => process.emit('SIGINT'), ${pause});
    await stop.requested;
    await new Promise((resolve) => setTimeout(resolve, ${takes}));
    process.stdout.write('stopped properly');`;
  const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  return { stdout, status };
}

/** What a hang-up means to a process, which has a terminal or has none. */
function hungUp(terminal: boolean): string {
  const program = `
    import { listenForStop } from '#bot/stop-signal.ts';
    Object.defineProperty(process.stdin, 'isTTY', { value: ${terminal} });
    const stop = listenForStop();
    stop.started();
    process.emit('SIGHUP');
    const means = [stop.requested.then(() => 'stop'), stop.rereadAsked().then(() => 'read again')];
    process.stdout.write(await Promise.race(means));
    process.exit();`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }).stdout;
}

describe('a hang-up', () => {
  it('ends a process whose terminal is gone, and makes a service read its configuration again', () => {
    expect([hungUp(true), hungUp(false)]).toEqual(['stop', 'read again']);
  });
});

describe('a process that is told to stop', () => {
  it('stops properly, also when npm passes on what the terminal has sent to both', () => {
    expect(toldTwice({ pause: 0, takes: 100 })).toEqual({ stdout: 'stopped properly', status: 0 });
  });

  it('ends at once when it is told again', () => {
    expect(toldTwice({ pause: 600, takes: 20_000 })).toEqual({ stdout: '', status: 130 });
  });
});
