/** Tables as files: RFC 4180, and nothing in a cell that a spreadsheet would take for a formula. */

/** One cell: text is made harmless, numbers and truth values stay what they are, null is empty. */
export type Cell = string | number | boolean | null;

/** What a spreadsheet needs to read a file as UTF-8; scripts that read it have to skip it. */
export const BYTE_ORDER_MARK = '\ufeff';

/** What begins a formula, also in the full width that some keyboards write, behind blanks and quotes. */
const formula = /^[\s"'`\p{Cf}\p{Cc}]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]/u;
/** Where a spreadsheet that splits at other separators would see the next cell begin with one. */
const hiddenFormula = /([;\t\r\n\v\f|])(?=[\s"'`\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20])/gu;
/** What no file is to hold: halves of characters are replaced, controls dropped (tab and line ends stay). */
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/gu;

/** One line with its end. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  if (typeof cell === 'boolean') return String(cell);
  const text = harmless(cell);
  return /[",;\r\n\t]|^\s|\s$|^'/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A leading apostrophe makes a spreadsheet show the rest as it is; in a text without formulas nothing changes. */
function harmless(text: string): string {
  const clean = text.toWellFormed().replace(controls, '').replace(hiddenFormula, "$1'");
  return formula.test(clean) || /^[\t\r\n]/.test(clean) ? `'${clean}` : clean;
}
