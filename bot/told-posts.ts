/** Whether a message tells of a run: remembered, as a button is pressed by many and its message stays the same. */
import type { Database } from '#db/client.ts';
import { isPostOf, type PostRef } from '#db/posts.ts';

/** Answers kept; the oldest go first. */
const KEPT = 1_000;

/** Makes the question. Only a yes is kept: a post whose reference is not stored yet will be known in a moment. */
export function createToldPosts(database: Database) {
  const known = new Map<string, Promise<boolean>>();

  /** Many who press at once wait for one look; a hundred would hold up whoever pressed first. */
  return function tellsOf(surface: string, ref: PostRef, run: number): Promise<boolean> {
    const key = JSON.stringify([surface, ref, run]);
    const before = known.get(key);
    if (before !== undefined) return before;
    const [oldest] = known.keys();
    if (known.size >= KEPT && oldest !== undefined) known.delete(oldest);
    const looked = isPostOf(database.db, surface, ref, run);
    known.set(key, looked);
    looked.then(
      (yes) => yes || known.delete(key),
      () => known.delete(key),
    );
    return looked;
  };
}
