/** Which platforms a new run takes. */
import { nearest } from './nearest.ts';

export type RunPlan =
  | { kind: 'start'; platforms: [string, ...string[]] }
  | { kind: 'refused'; reason: { kind: 'unknown_platform'; platform: string; known: string[]; nearest: string | null } }
  | { kind: 'refused'; reason: { kind: 'no_platforms' } };

/** Plans a run of the named platforms, each once and in the house's order; none named means all. */
export function planRun(asked: readonly string[], known: readonly string[]): RunPlan {
  for (const platform of asked) {
    if (known.includes(platform)) continue;
    return {
      kind: 'refused',
      reason: { kind: 'unknown_platform', platform, known: [...known], nearest: nearest(platform, known) },
    };
  }
  const [first, ...rest] = known.filter((platform) => asked.length === 0 || asked.includes(platform));
  if (first === undefined) return { kind: 'refused', reason: { kind: 'no_platforms' } };
  return { kind: 'start', platforms: [first, ...rest] };
}
