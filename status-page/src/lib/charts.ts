/** Geometry of the charts: they are drawn while the page is built, and read without a script. */

/** A point of a line; `y` grows upward. Null: nothing is known there, and the line is interrupted. */
export type Value = number | null;

/** Where a value stands, in a box of this size with `pad` around it; the smallest and the largest touch the edges. */
export interface Scale {
  x(index: number): number;
  y(value: number): number;
  low: number;
  high: number;
}

/** Fits values into a box. `fromZero`: the bottom is nothing, so that heights can be compared. */
export function fit(
  values: readonly Value[],
  box: { width: number; height: number; pad: number; fromZero?: boolean },
): Scale {
  const known = values.filter((value) => value !== null);
  const low = box.fromZero === true ? 0 : Math.min(...known);
  const high = Math.max(...known, box.fromZero === true ? 1 : -Infinity);
  const span = high - low || 1;
  const steps = Math.max(1, values.length - 1);
  return {
    low,
    high,
    x: (index) => round(box.pad + ((box.width - 2 * box.pad) * index) / steps),
    y: (value) => round(box.height - box.pad - ((box.height - 2 * box.pad) * (value - low)) / span),
  };
}

/** The line through the values, as the `d` of a path. A lone point is drawn as a short dash. */
export function linePath(values: readonly Value[], scale: Scale): string {
  const parts: string[] = [];
  let open = false;
  for (const [index, value] of values.entries()) {
    if (value === null) {
      open = false;
      continue;
    }
    const alone = !open && (values[index + 1] ?? null) === null;
    parts.push(`${open ? 'L' : 'M'}${scale.x(index)} ${scale.y(value)}`);
    if (alone) parts.push('h.01');
    open = true;
  }
  return parts.join('');
}

/** A round number at or above: what an axis ends with. Works for seconds and for items. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  for (const step of [1, 2, 5, 10]) if (step * power >= value) return step * power;
  return 10 * power;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
