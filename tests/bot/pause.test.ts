import { expect, it } from 'vitest';
import { pause } from '#bot/pause.ts';

it('a wait ends when it is no longer wanted, and does not begin when it never was', async () => {
  const stop = new AbortController();
  const waiting = pause(3_600_000, stop.signal);
  stop.abort();
  await expect(waiting).resolves.toBeUndefined();
  await expect(pause(3_600_000, stop.signal)).resolves.toBeUndefined();
});
