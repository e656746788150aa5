/** What a lot's odometer is said to show. */

/** A distance as printed; `mileageUnknown` is BaT's “TMU”: total mileage unknown. */
export interface Mileage {
  mileage: number | null;
  mileageUnit: 'mi' | 'km' | null;
  mileageUnknown: boolean;
}

/** A line that begins with a distance: `51k Miles Shown`, `~29,400 Miles`, `8.3k Kilometers (~5,200 Miles)`. */
const line =
  /^(?:~|approximately |approx\.? |indicated )?(\d[\d,]*(?:\.\d+)?)(k)?[ -](miles?|mi|kilometers?|kilometres?|kms?)\b(.{0,200})/i;
/** Distances that are not the car's: driven since, added under an owner, per gallon. */
const partial =
  /\b(?:since|ago|added|under|owner(?:ship)?|per|range|rebuild|restoration|on (?:the )?(?:engine|rebuil))/i;
/** `51k-Mile 1994 …`, `9,200-Kilometer 1972 …`. */
const title = /(?:^|\s)(\d[\d,]*(?:\.\d+)?)(k)?-(mile|kilometer|kilometre|km)\b/i;

/** Reads the distance off the details, else off the title. */
export function readMileage(details: readonly string[], lotTitle: string): Mileage {
  const mileageUnknown = details.some((detail) => /\bTMU\b|total mileage unknown/i.test(detail));
  for (const detail of details) {
    const match = line.exec(detail);
    if (match && !partial.test(match[4] ?? '')) return { ...distance(match), mileageUnknown };
  }
  const match = title.exec(lotTitle);
  return { ...(match ? distance(match) : { mileage: null, mileageUnit: null }), mileageUnknown };
}

function distance([, digits = '', thousand, unit = '']: RegExpExecArray): Pick<Mileage, 'mileage' | 'mileageUnit'> {
  const mileage = Math.round(Number(digits.replaceAll(',', '')) * (thousand ? 1000 : 1));
  if (!Number.isSafeInteger(mileage) || mileage > 10_000_000) return { mileage: null, mileageUnit: null };
  return { mileage, mileageUnit: unit.toLowerCase().startsWith('mi') ? 'mi' : 'km' };
}
