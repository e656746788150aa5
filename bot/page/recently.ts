/** Keeps what was read last; what nobody asked for lately is forgotten. Failures are not kept. */
export function recently<Wanted, Found>(
  limit: number,
  read: (wanted: Wanted) => Promise<Found>,
): (key: string, wanted: Wanted) => Promise<Found> {
  const kept = new Map<string, Promise<Found>>();
  return (key, wanted) => {
    const found = kept.get(key) ?? read(wanted);
    kept.delete(key);
    kept.set(key, found);
    found.catch(() => {
      if (kept.get(key) === found) kept.delete(key);
    });
    for (const oldest of kept.keys()) {
      if (kept.size <= limit) break;
      kept.delete(oldest);
    }
    return found;
  };
}
