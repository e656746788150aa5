import { describe, expect, it } from 'vitest';
import { csvLine } from '#bot/chat/csv.ts';

const cell = (text: string) => csvLine([text]).slice(0, -2);

/** The cells of one line, as RFC 4180 reads them. */
function read(line: string): string[] {
  const cells = [...line.replace(/\r\n$/, '').matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)];
  return cells.map(([, quoted, plain]) => (quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"')));
}

describe('a line of a CSV file', () => {
  it('keeps numbers as numbers, truth as truth, and nothing as nothing', () => {
    expect(csvLine([-0.5, 0, 1e21, Number.NaN, true, null, ''])).toBe('-0.5,0,1e+21,,true,,\r\n');
  });

  it('reads back as it was written, whatever quotes, separators and line ends it holds', () => {
    const cells = ['plain', 'a,b', 'say "no"', 'two\nlines', ' blank ', 'Äpfel 𝕏 عربي', 'a;b', "O'Neill"];
    expect(read(csvLine(cells))).toEqual(cells);
  });

  it.each([
    '=HYPERLINK("http://evil")',
    '+1+cmd|/c calc',
    '-2+3',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '  =1',
    '"=1',
    `'=1`,
    '\u200b=1',
    '\u0000=1',
    '\ufeff=1',
    '＝1',
    '＠SUM',
    '|calc',
    '%0A=1',
  ])('shows %j as text, not as a formula', (text) => {
    const [first] = read(csvLine([text]));
    expect(first?.startsWith("'")).toBe(true);
    expect(cell(text)).toMatch(/^("'|')/);
  });

  it('does not let a formula hide behind another separator', () => {
    for (const text of ['a;=1', 'a;"=1', 'a\t=1', 'a\r=1', 'a; @SUM']) {
      for (const part of read(csvLine([text]))
        .join()
        .split(/[;\t\r]/))
        expect(part).not.toMatch(/^[\s"]*[=+@-]/);
    }
  });

  it('holds no half characters and no controls', () => {
    expect(cell('a\ud800b\u0000c\u0007d\u009be')).toBe('a\ufffdbcde');
  });
});
