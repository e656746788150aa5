/** A real process of ours, spoken to as a person or a script would: typed lines in, JSON lines out. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One line of `--json` output. */
export interface Said {
  surface: string;
  kind: 'post' | 'edit' | 'reply';
  run: number | null;
  slot: string | null;
  text: string;
  buttons: { id: string; label: string; disabled: boolean }[];
}

/** A running process and everything it has said. */
export interface HouseProcess extends AsyncDisposable {
  child: ChildProcess;
  said: Said[];
  errors: () => string;
  /** Everything written to standard output. */
  output: () => string;
  type(line: string): void;
  /** Ends the input, as the end of a pipe does. */
  end(): void;
  /** The first message that fits, said already or to come. */
  until(fits: (said: Said) => boolean): Promise<Said>;
  /** What a slot says now: its last post or edit. */
  now(run: number, slot: string): Said | undefined;
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Waits for the end; resolves with the exit status. */
  exited(): Promise<number | null>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const PATIENCE_MS = 60_000;

/** What of our own environment a process needs that we start; see vitest.config.ts for the second. */
const ours = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };

/** With what bots and workers are started everywhere: 70 MB less at no price, as what is young is looked through more often. */
export const NODE_OPTIONS: readonly string[] = ['--max-semi-space-size=8'];

/**
 * Starts `node <script> …args` in the repository (or a copy of it) with exactly this environment (and PATH); `through`: by
 * a command that takes it as its arguments.
 */
export function startProcess(
  script: string,
  args: readonly string[],
  env: Record<string, string>,
  { cwd = root, through = [] }: { cwd?: string; through?: readonly string[] } = {},
): HouseProcess {
  const [command = process.execPath, ...rest] = [...through, process.execPath, ...NODE_OPTIONS, script, ...args];
  const child = spawn(command, rest, {
    cwd,
    env: { ...ours, PORT: '0', LOG_LEVEL: 'warn', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const said: Said[] = [];
  const listeners = new Set<() => void>();
  let errors = '';
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  createInterface({ input: child.stdout }).on('line', (line) => {
    output += `${line}\n`;
    if (args.includes('--json')) said.push(JSON.parse(line) as Said);
    for (const listener of listeners) listener();
  });
  const exit = once(child, 'exit').then(([code]) => {
    for (const listener of listeners) listener();
    return code as number | null;
  });

  return {
    child,
    said,
    errors: () => errors,
    output: () => output,
    type: (line) => void child.stdin.write(`${line}\n`),
    end: () => void child.stdin.end(),
    until(fits) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => finish(null, 'nothing fitting was said in time'), PATIENCE_MS);
        const check = () => {
          const found = said.find(fits);
          if (found !== undefined) finish(found);
          else if (child.exitCode !== null || child.signalCode !== null) finish(null, 'the process ended');
        };
        const finish = (found: Said | null, problem = '') => {
          clearTimeout(timer);
          listeners.delete(check);
          if (found !== null) resolve(found);
          else reject(new Error(`${problem}; it said:\n${said.map((one) => one.text).join('\n')}\n${errors}`));
        };
        listeners.add(check);
        check();
      });
    },
    now: (run, slot) => said.findLast((one) => one.run === run && one.slot === slot),
    async kill(signal) {
      child.kill(signal);
      await exit;
    },
    exited: () => exit,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await exit;
    },
  };
}
