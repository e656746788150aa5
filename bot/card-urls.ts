/** The way from an answer to where its run is told: the address of the card, as the asker's own client opens it. */
import type { Database } from '#db/client.ts';
import { cardOf } from '#db/posts.ts';
import type { Request, Surface } from '#bot/chat/surface.ts';

/** Makes the look-up. What was done is done: an answer without its link is better than none, so nothing is thrown. */
export function cardUrls(database: Database, surfaces: readonly Surface[]) {
  return async function cardUrl({ surface, place }: Request, rootId: number): Promise<string | null> {
    const asked = surfaces.find((one) => one.name === surface);
    if (asked?.urlOf === undefined) return null;
    const card = await cardOf(database.db, { surface, channel: place.channel }, rootId).catch(() => null);
    return card === null ? null : asked.urlOf(card);
  };
}
