/** What the bench says: which goals are met, and a table for each line. Markdown. */
import { isMet, median, reached, type Goal, type Result } from './line.ts';

/** All goals with what was reached. */
export function goalTable(results: readonly Result[]): string {
  const rows = results.flatMap(({ line, rounds }) =>
    line.goals.map((goal) => {
      const value = reached(goal, rounds);
      const met = Number.isNaN(value) ? 'not measured' : isMet(goal, value) ? 'yes' : '**no**';
      return [goal.what, wanted(goal), Number.isNaN(value) ? '–' : `${shown(value)} ${goal.unit}`.trim(), met];
    }),
  );
  return table(['What', 'Goal', 'Median', 'Met'], rows);
}

/** The ways of one line beside one another, with ratios to ours. */
export function lineTable({ line, rounds, missing }: Result): string {
  const columns = [
    ...new Set(rounds.flatMap((round) => Object.values(round).flatMap((figures) => Object.keys(figures)))),
  ];
  const ours = line.ways[0]?.name ?? '';
  const [main = ''] = columns;
  const compared = line.ways.length > 1 && line.plain !== true;
  const rows = line.ways.map(({ name }) => {
    const reason = missing.get(name);
    if (reason !== undefined) return [name, reason];
    const cells = columns.map((column) => {
      const values = rounds.flatMap((round) => round[name]?.[column] ?? []);
      if (values.length === 0) return '–';
      const range = values.length > 1 ? ` (${shown(Math.min(...values))}–${shown(Math.max(...values))})` : '';
      return `${shown(median(values))}${column === main ? range : ''}`;
    });
    const ratio = median(rounds.map((round) => (round[name]?.[main] ?? NaN) / (round[ours]?.[main] ?? NaN)));
    return [name, ...cells, ...(compared ? [shown(ratio)] : [])];
  });
  const head = ['Way', ...columns, ...(compared ? [`× ${ours}`] : [])];
  return [...(line.note === undefined ? [] : [line.note]), table(head, rows)].join('\n\n');
}

function wanted({ least, most, unit }: Goal): string {
  return least === undefined ? `≤ ${shown(most ?? NaN)} ${unit}`.trim() : `≥ ${shown(least)} ${unit}`.trim();
}

/** Three digits that mean something. */
export function shown(value: number): string {
  if (value === Infinity) return 'not at all';
  if (Number.isNaN(value)) return '–';
  if (value === 0 || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const full = rows.map((row) => head.map((_, at) => row[at] ?? ''));
  return [head, head.map(() => '---'), ...full].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
