/** A house whose runs are told by a real narrator: for a whole test file, with its tables emptied between the tests. */
import { afterAll, afterEach, beforeEach } from 'vitest';
import type { Surface } from '#bot/chat/surface.ts';
import { createLog } from '#bot/log.ts';
import { startNarrator, type Narrator, type NarratorParts } from '#bot/narrator.ts';
import { testDatabase } from './database.ts';
import { emptyHouse } from './empty-house.ts';
import { aTelling } from './facts.ts';
import { openHouse } from './house.ts';

export type ToldHouse = Awaited<ReturnType<typeof toldHouse>>;

/** Call it at the top level of a test file. */
export async function toldHouse() {
  const { url, database, db } = await testDatabase();
  const house = await openHouse(url);
  let narrators: Narrator[] = [];

  async function silence(): Promise<void> {
    await Promise.all(narrators.map((narrator) => narrator.stop()));
    narrators = [];
  }

  afterAll(() => house[Symbol.asyncDispose]());
  afterEach(silence);
  beforeEach(() => emptyHouse(db));

  return {
    house,
    database,
    db,
    /** Begins to tell on these surfaces; it ends with the test. */
    narrate(surfaces: readonly Surface[], more: Partial<NarratorParts> = {}): Narrator {
      const narrator = startNarrator({
        database,
        surfaces,
        telling: (now) => aTelling({ now }),
        revisitMs: 600_000,
        onChain: () => {},
        onRole: () => {},
        waits: { calmMs: 20, firstMs: 20, longestMs: 200 },
        log: createLog('silent', 'test'),
        ...more,
      });
      narrators = [...narrators, narrator];
      return narrator;
    },
    /** Ends telling, as a process that is stopped does. */
    silence,
  };
}
