/** Amounts as Bring a Trailer prints them: `USD $33,000`. */

/** An amount in whole units of its currency; the currency is null when the page does not say it. */
export interface Money {
  amount: number;
  currency: string | null;
}

const printed = /(?:\b([A-Z]{3})\s*)?[$€£]\s*(\d[\d,]*)(?:\.(\d{1,2}))?(?![\d,])/;

/**
 * The first amount in a short text, or null. The currency is the word before the sign: a bare `$` may be anybody's.
 * Give it one element's text: in the text of a whole block the comment count follows the price without a space.
 */
export function readMoney(text: string): Money | null {
  const match = printed.exec(text.slice(0, 500));
  if (!match) return null;
  const amount = Math.round(Number(`${match[2]?.replaceAll(',', '')}.${match[3] ?? '0'}`));
  return Number.isSafeInteger(amount) && amount > 0 && amount < 2_000_000_000
    ? { amount, currency: match[1] ?? null }
    : null;
}

/** A count as printed, `6,055 views` or `44`; null where there is none. */
export function readCount(text: string | null): number | null {
  const digits = /\d[\d,]*/.exec(text?.slice(0, 100) ?? '')?.[0].replaceAll(',', '');
  return digits !== undefined && digits.length <= 9 ? Number(digits) : null;
}
