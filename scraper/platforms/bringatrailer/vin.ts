/** Chassis numbers and the vehicle identification numbers among them (ISO 3779; check digit as in 49 CFR 565.15). */

/** What a chassis number comes to. `vin` has 17 characters without I, O and Q; the verdict on its check digit is null without one. */
export interface Chassis {
  chassis: string | null;
  vin: string | null;
  vinCheckDigitOk: boolean | null;
}

const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
const letters = 'ABCDEFGHJKLMNPRSTUVWXYZ';
const letterValues = [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9];

/** Said in place of a number. */
const unsaid = /^(?:withheld|n\/?a|none|unknown|tbd|undisclosed|[-0]+)\.?$/i;

/**
 * Reads the number of a Chassis, VIN or Serial line. A failing check digit is a flag against typing errors and rejects
 * nothing: it is mandatory in North America only.
 */
export function readChassis(printed: string | null): Chassis {
  const chassis = printed === null || unsaid.test(printed) ? null : printed;
  const vin = chassis?.toUpperCase() ?? '';
  if (!/^[A-HJ-NPR-Z0-9]{17}$/.test(vin)) return { chassis, vin: null, vinCheckDigitOk: null };
  return { chassis, vin, vinCheckDigitOk: checkDigit(vin) === vin[8] };
}

function checkDigit(vin: string): string {
  let sum = 0;
  for (const [index, weight] of weights.entries()) sum += valueOf(vin.charAt(index)) * weight;
  return sum % 11 === 10 ? 'X' : String(sum % 11);
}

function valueOf(character: string): number {
  return character >= '0' && character <= '9' ? Number(character) : (letterValues[letters.indexOf(character)] ?? 0);
}
