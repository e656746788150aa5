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

describe('a process that is told to stop', () => {
  it('stops properly, also when npm passes on what the terminal has sent to both', () => {
    expect(toldTwice({ pause: 0, takes: 100 })).toEqual({ stdout: 'stopped properly', status: 0 });
  });

  it('ends at once when it is told again', () => {
    expect(toldTwice({ pause: 600, takes: 20_000 })).toEqual({ stdout: '', status: 130 });
  });
});
