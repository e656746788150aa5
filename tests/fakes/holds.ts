/** What a fake service asked to be left alone, until when, and whether whoever calls all the same had to know. */

/** A call that is turned away: how long it has to wait still, seconds, and whether every process had been told before. */
export interface TurnedAway {
  place: string;
  seconds: number;
  known: boolean;
}

/** Waits that were asked for, by the place they are for. */
export interface Holds {
  hold(place: string, seconds: number): void;
  /**
   * A call for the first of these places that is held is turned away, and counts as one more that was told: a process that
   * was not told itself cannot know, so there may be one for each of the `processes` that use the token.
   */
  turnAway(places: readonly string[], processes: number): TurnedAway | null;
  clear(): void;
}

export function createHolds(): Holds {
  const held = new Map<string, { until: number; told: number }>();
  return {
    hold: (place, seconds) => void held.set(place, { until: performance.now() + 1_000 * seconds, told: 1 }),
    turnAway(places, processes) {
      for (const place of places) {
        const found = held.get(place);
        const seconds = ((found?.until ?? 0) - performance.now()) / 1_000;
        if (found === undefined || seconds <= 0) continue;
        found.told += 1;
        return { place, seconds, known: found.told > processes };
      }
      return null;
    },
    clear: () => held.clear(),
  };
}
