/** Metrics as Prometheus reads them: its text format, version 0.0.4. */

/** One number, with what it is about. */
export interface Sample {
  labels: Record<string, string>;
  value: number;
}

/** How often something took at most so long, in seconds: `atMost` grows, and is cumulative. */
export interface Distribution {
  labels: Record<string, string>;
  atMost: { seconds: number; count: number }[];
  count: number;
  sum: number;
}

/** A number that only grows, or one that goes up and down. */
export function metric(kind: 'counter' | 'gauge', name: string, help: string, samples: readonly Sample[]): string {
  return [...head(kind, name, help), ...samples.map((one) => line(name, one.labels, one.value))]
    .join('\n')
    .concat('\n');
}

/** A distribution, in buckets. */
export function histogram(name: string, help: string, distributions: readonly Distribution[]): string {
  const lines = distributions.flatMap(({ labels, atMost, count, sum }) => [
    ...atMost.map((one) => line(`${name}_bucket`, { ...labels, le: String(one.seconds) }, one.count)),
    line(`${name}_bucket`, { ...labels, le: '+Inf' }, count),
    line(`${name}_sum`, labels, sum),
    line(`${name}_count`, labels, count),
  ]);
  return [...head('histogram', name, help), ...lines].join('\n').concat('\n');
}

function head(kind: string, name: string, help: string): string[] {
  return [`# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`, `# TYPE ${name} ${kind}`];
}

function line(name: string, labels: Record<string, string>, value: number): string {
  const given = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `${name}${given.length === 0 ? '' : `{${given.join(',')}}`} ${value}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
