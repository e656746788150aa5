/** Whether a message tells of a run: remembered, as a button is pressed by many and its message stays the same. */
import type { Database } from '#db/client.ts';
import { isPostOf, type PostRef } from '#db/posts.ts';

/** Answers kept; the oldest go first. */
const KEPT = 1_000;

/** Makes the question. Only a yes is kept: a post whose reference is not stored yet will be known in a moment. */
export function createToldPosts(database: Database) {
  const known = new Set<string>();
  return async function tellsOf(surface: string, ref: PostRef, run: number): Promise<boolean> {
    const key = JSON.stringify([surface, ref, run]);
    if (known.has(key)) return true;
    if (!(await isPostOf(database.db, surface, ref, run))) return false;
    const [oldest] = known;
    if (known.size >= KEPT && oldest !== undefined) known.delete(oldest);
    known.add(key);
    return true;
  };
}
