import { expect, it } from 'vitest';
import { nap } from '#db/nap.ts';

it('a wait ends when it is no longer wanted, and does not begin when it never was', async () => {
  const stop = new AbortController();
  const waiting = nap(3_600_000, stop.signal);
  stop.abort();
  await expect(waiting).resolves.toBeUndefined();
  await expect(nap(3_600_000, stop.signal)).resolves.toBeUndefined();
});
