/**
 * The lower end of a terminal, redrawn in place: messages are edited where they stand, as long as they are on the
 * screen. What has scrolled out of reach cannot be redrawn; its edit is shown once more below.
 */

type Output = Pick<NodeJS.WritableStream, 'write'> & { columns?: number; rows?: number };

/** The line being typed: drawn again below the blocks, and how many rows above its last one the cursor's row begins. */
export interface Prompt {
  draw(): void;
  /** Rows between the prompt's first row and the one the cursor is in. */
  cursorRow(): number;
}

/** A region of blocks above the prompt. */
export function createScreen(output: Output, prompt: Prompt) {
  let blocks: { key: string; lines: string[] }[] = [];
  let drawnRows = 0;

  function redraw(): void {
    const columns = Math.max(20, output.columns ?? 80);
    const room = Math.max(5, (output.rows ?? 24) - 2);
    // Each row is cleared behind its end: clearing the screen as a whole would flicker, and fill the scrollback.
    const up = drawnRows + prompt.cursorRow();
    output.write(`${up > 0 ? `\u001b[${up}A` : ''}\r`);
    const rendered = blocks.map((block) => ({ block, rows: block.lines.flatMap((line) => wrap(line, columns)) }));
    output.write(`${rendered.map(({ rows }) => rows.map((row) => `${row}\u001b[K\n`).join('')).join('')}\u001b[J`);
    let height = rendered.reduce((sum, { rows }) => sum + rows.length, 0);
    while (height > room && rendered.length > 0) height -= rendered.shift()?.rows.length ?? 0;
    blocks = rendered.map(({ block }) => block);
    drawnRows = height;
    prompt.draw();
  }

  return {
    /** Shows a block, in place when it is still within reach. */
    show(key: string, lines: string[]): void {
      const known = blocks.find((block) => block.key === key);
      if (known === undefined) blocks.push({ key, lines });
      else known.lines = lines;
      redraw();
    },
    /** A typed line has moved the cursor down by one row; it stays where it is, above what follows. */
    typed(line: string): void {
      blocks.push({ key: `typed ${blocks.length} ${line}`, lines: [`> ${line}`] });
      drawnRows += 1;
      redraw();
    },
  };
}

/** Breaks a line into rows of the terminal's width; continued rows are set in like the first. */
function wrap(line: string, columns: number): string[] {
  const points = Array.from(line);
  if (points.length < columns) return [line];
  const inset = /^[\s│]*/u.exec(line)?.[0] ?? '';
  const rows: string[] = [];
  let row = '';
  for (const word of line.slice(inset.length).split(' ')) {
    const next = row === '' ? inset + word : `${row} ${word}`;
    if (Array.from(next).length < columns) row = next;
    else {
      if (row !== '') rows.push(row);
      row = Array.from(`${inset}  ${word}`)
        .slice(0, columns - 1)
        .join('');
    }
  }
  return [...rows, row];
}
