/** What of a site's answers changed, told once for all items: which field, and in how many of them. */

/** Counts what single answers lacked, by the place in the answer and not by the position in a list. */
export function createDriftCount() {
  const places = new Map<string, number>();
  return {
    /** `detail` is what one answer's failure says: `markets[3].outcomes[0].odds is missing`. */
    note(detail: string): void {
      const place = placeOf(detail);
      places.set(place, (places.get(place) ?? 0) + 1);
    },
    /** `markets[].outcomes[].odds is missing in 412 of 412 events`; null when nothing was noted. */
    words(asked: number, noun: { one: string; many: string }): string | null {
      const [most, ...others] = [...places].toSorted(([, a], [, b]) => b - a);
      if (most === undefined) return null;
      const [place, times] = most;
      const rest = others.reduce((sum, [, count]) => sum + count, 0);
      const besides = rest === 0 ? '' : `, ${rest} more did not fit elsewhere`;
      return `${place} in ${times} of ${asked} ${asked === 1 ? noun.one : noun.many}${besides}`;
    },
  };
}

/** Positions and keys that are numbers stand for any: answers differ in them, and mean the same. */
function placeOf(detail: string): string {
  return detail.replace(/\[\d+\]/g, '[]').replace(/\.\d+(?=[.[ ]|$)/g, '[]');
}
