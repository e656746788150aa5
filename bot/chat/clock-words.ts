/** What is said of a machine's clock that is wrong. */
import { ageWords } from './wording.ts';

/** `5 min ahead of the database's`; `2 h behind the database's`. */
export function clockWords(aheadMs: number): string {
  return `${ageWords(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'} the database's`;
}
