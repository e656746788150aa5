/** Which book events are the same match: by Sportradar id first, by Genius id then, never by name. Pure. */

/** A match while it is being worked out; `id` is null as long as it has no row. */
export interface Match {
  id: string | null;
  sportradarId: string | null;
  /** The match it turned out to be. */
  mergedInto: Match | null;
}

/** A stored book event that may matter: the ids it goes by, and its match. */
export interface Neighbour {
  key: string;
  eventId: string;
  sportradarId: string | null;
  geniusId: string | null;
  /** The Sportradar id of its match: its own or another book's. */
  matchSportradarId: string | null;
}

/** A book event to be placed, with the ids it goes by now. */
export interface Arrival {
  key: string;
  sportradarId: string | null;
  geniusId: string | null;
}

/** Follows a match to the one it has become. */
export function finalMatch(match: Match): Match {
  let last = match;
  while (last.mergedInto) last = last.mergedInto;
  return last;
}

/**
 * Gives every arrival its match. An id that joins two matches makes them one, and the older row stays. A Genius id never
 * joins two different Sportradar ids. An arrival whose id changed, rather than became known, leaves its match alone.
 */
export function placeArrivals(
  arrivals: readonly Arrival[],
  neighbours: readonly Neighbour[],
): { placed: Map<string, Match>; known: Match[] } {
  const known = new Map<string, Match>();
  const bySportradar = new Map<string, Match>();
  const byGenius = new Map<string, Match[]>();
  const before = new Map(neighbours.map((one) => [one.key, one]));
  for (const one of neighbours.toSorted((a, b) => Number(a.eventId) - Number(b.eventId))) {
    const match = known.get(one.eventId) ?? {
      id: one.eventId,
      sportradarId: one.matchSportradarId,
      mergedInto: null,
    };
    known.set(one.eventId, match);
    remember(match, one.geniusId);
  }

  function remember(match: Match, geniusId: string | null): void {
    if (match.sportradarId !== null) bySportradar.set(match.sportradarId, match);
    if (geniusId !== null) byGenius.set(geniusId, [...(byGenius.get(geniusId) ?? []), match]);
  }

  function candidates({ key, sportradarId, geniusId }: Arrival): Match[] {
    const sure = sportradarId === null ? undefined : bySportradar.get(sportradarId);
    const alike = geniusId === null ? [] : (byGenius.get(geniusId) ?? []);
    const was = before.get(key);
    const stays = was !== undefined && !corrected(was.sportradarId, sportradarId) && !corrected(was.geniusId, geniusId);
    const current = stays ? known.get(was.eventId) : undefined;
    const found = [sure, ...alike, current].flatMap((match) => (match ? [finalMatch(match)] : []));
    // The first one that counts decides which Sportradar id all must have.
    let decisive = sportradarId;
    return [...new Set(found)].filter((match) => {
      if (match.sportradarId !== null && decisive !== null && match.sportradarId !== decisive) return false;
      decisive ??= match.sportradarId;
      return true;
    });
  }

  const placed = new Map<string, Match>();
  for (const arrival of arrivals) {
    const found = candidates(arrival).toSorted(byAge);
    const [match = { id: null, sportradarId: null, mergedInto: null }, ...others] = found;
    for (const other of others) {
      match.sportradarId ??= other.sportradarId;
      other.mergedInto = match;
    }
    match.sportradarId ??= arrival.sportradarId;
    remember(match, arrival.geniusId);
    placed.set(arrival.key, match);
  }
  return { placed, known: [...known.values()] };
}

function corrected(before: string | null, now: string | null): boolean {
  return before !== null && before !== now;
}

/** Rows by their age; what has no row yet comes last. */
function byAge(one: Match, other: Match): number {
  return Number(one.id ?? Number.MAX_SAFE_INTEGER) - Number(other.id ?? Number.MAX_SAFE_INTEGER);
}
