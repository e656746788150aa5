/** Processes of the bench: each measurement that wants a loop of its own runs in a fresh one and says what it came to. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NODE_OPTIONS } from '../helpers/house-process.ts';
import { NotMeasured } from './line.ts';

const certificate = fileURLToPath(new URL('../fixtures/tls/localhost.cert.pem', import.meta.url));
const peers = fileURLToPath(new URL('./peers/', import.meta.url));

/** Runs a script of the bench, started as our own processes are, with this as its one argument; reads the JSON it says last. */
export async function outcomeOf<T>(script: string, task: unknown, options = NODE_OPTIONS): Promise<T> {
  const said = await outputOf([...options, fileURLToPath(new URL(script, import.meta.url)), JSON.stringify(task)]);
  return JSON.parse(said.trim().split('\n').at(-1) ?? '') as T;
}

/** Runs a script beside others' packages; see `peers/`. */
export async function outcomeOfPeer<T>(script: string, task: unknown): Promise<T> {
  await installPeers();
  return outcomeOf(`./peers/${script}`, task, []);
}

/** What Node says when it is started like this. */
export async function outputOf(args: readonly string[], cwd?: string): Promise<string> {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_EXTRA_CA_CERTS: certificate },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code] = await new Promise<[number | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve([status]));
  });
  if (code !== 0) throw new Error(`${args.join(' ').slice(0, 200)} ended with ${code}: ${errors.slice(-2000)}`);
  return said;
}

/** What the peers are, and at which versions. */
export function peerVersions(): Record<string, string> {
  const named = JSON.parse(readFileSync(`${peers}package.json`, 'utf8')) as { dependencies: Record<string, string> };
  return named.dependencies;
}

let installing: Promise<void> | null = null;

/** Installs the peers as their lock file says, into their own folder; once. */
function installPeers(): Promise<void> {
  return (installing ??= install());
}

async function install(): Promise<void> {
  if (existsSync(`${peers}node_modules/.package-lock.json`)) return;
  process.stderr.write('installing what we are measured beside …\n');
  const npm = spawn('npm', ['ci', '--prefix', peers, '--ignore-scripts', '--no-audit'], { stdio: 'ignore' });
  const status = await new Promise((resolve) => {
    npm.once('error', resolve);
    npm.once('close', resolve);
  });
  if (status !== 0) throw new NotMeasured('not installed: npm ci failed in tests/bench/peers');
}
