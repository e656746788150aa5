/** A process that uses the bundled server: says where it is, and on the word `release` says goodbye and ends. */
import { startEmbedded } from '#db/embedded.ts';

const [, , dataDir = '', pretended] = process.argv;
if (pretended) Object.defineProperty(process, 'arch', { value: pretended });
const notes: unknown[] = [];
const log = { info: (...note: unknown[]) => notes.push(note), warn: (...note: unknown[]) => notes.push(note) };

function say(answer: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

// Without a parent there is nobody left to say goodbye for.
process.stdin.once('end', () => process.exit(1));

try {
  const embedded = await startEmbedded(dataDir, log);
  say({ url: embedded.url, notes });
  process.stdin.once('data', () => {
    void embedded.release().then(() => {
      say({ released: true });
      process.exit(0);
    });
  });
} catch (error) {
  say({ error: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
}
