/** How much memory a process took at most, as Linux counts it. */
import { readFile, readdir } from 'node:fs/promises';

/** The most that a process has taken so far, megabytes; 0 when it is gone. */
export async function peakOf(pid: number | 'self'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}

/** The most that any process we started, and that still runs, has taken. */
export async function peakOfChildren(): Promise<number> {
  const peaks: number[] = [];
  for (const name of await readdir('/proc')) {
    const parent = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    if (parent.split(') ')[1]?.split(' ')[1] === String(process.pid)) peaks.push(await peakOf(Number(name)));
  }
  return Math.max(0, ...peaks);
}
