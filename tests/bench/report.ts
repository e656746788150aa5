/** docs/performance.md: each bench writes the section it measured and leaves the others as they are. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';

const file = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));

/** Puts `body` (Markdown without a heading of its own) under `## heading`, and answers the section as it stands there. */
export async function writeSection(heading: string, body: string): Promise<string> {
  const [head = '', ...sections] = (await readFile(file, 'utf8')).split(/^(?=## )/m);
  const pretty = await format(`## ${heading}\n\n${body}`, {
    parser: 'markdown',
    printWidth: 120,
    proseWrap: 'preserve',
  });
  const place = sections.findIndex((section) => section.startsWith(`## ${heading}\n`));
  sections.splice(place === -1 ? sections.length : place, place === -1 ? 0 : 1, pretty);
  await writeFile(file, [head, ...sections].map((part) => part.trimEnd()).join('\n\n') + '\n');
  return pretty;
}
