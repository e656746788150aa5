/** `npm run new:platform <id>`: makes a platform that runs, out of the template; nothing that exists is ever overwritten. */
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { platforms } from './platforms/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const TEMPLATE = '_template';
const REGISTRY = 'scraper/platforms/index.ts';
const ENVIRONMENT = '.env.example';
/** As wide as a line of the house may be. */
const WIDTH = 120;

/** Words of the language that cannot name what a platform exports. */
const taken =
  /^(await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|platforms|private|protected|public|return|static|super|switch|template|this|throw|true|try|typeof|var|void|while|with|yield)$/;

/** Something the person can put right; the text says how. */
class Refused extends Error {}

/** The names a platform goes by. */
interface Names {
  id: string;
  /** What its module exports: `bet-king` is `betKing`. */
  variable: string;
  title: string;
  environment: string;
}

function namesOf(words: readonly string[]): Names {
  const [id, ...rest] = words;
  if (id === undefined || rest.length > 0) throw new Refused('Name one platform: npm run new:platform quickbet');
  if (!/^[a-z][a-z0-9_-]{0,31}$/.test(id)) {
    const shown = JSON.stringify(id.slice(0, 40));
    throw new Refused(
      `${shown} cannot be the id of a platform: small letters, digits, - and _, a letter first, 32 at most. For example: npm run new:platform quickbet`,
    );
  }
  const variable = id.replace(/[-_]+([a-z0-9]?)/g, (_, next: string) => next.toUpperCase());
  if (taken.test(variable)) throw new Refused(`${id} is a word of the language or of this house: choose another id.`);
  if (platforms.some((platform) => platform.id === id)) {
    throw new Refused(`There is a platform ${id} already: nothing was written.`);
  }
  const title = id.charAt(0).toUpperCase() + id.slice(1);
  return { id, variable, title, environment: `${id.toUpperCase().replaceAll('-', '_')}_URL` };
}

/** Every file of the template with its new place and text. */
async function filesFor(names: Names): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const folder of [`scraper/platforms/${TEMPLATE}`, `tests/fixtures/${TEMPLATE}`]) {
    for (const entry of await readdir(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = relative(root, join(entry.parentPath, entry.name)).split(sep).join('/');
      files.set(path.replace(TEMPLATE, names.id), renamed(await readFile(join(root, path), 'utf8'), names));
    }
  }
  const test = await readFile(join(root, `tests/scraper/platforms/${TEMPLATE}.test.ts`), 'utf8');
  files.set(`tests/scraper/platforms/${names.id}.test.ts`, renamed(test.replace(', isTemplate: true', ''), names));
  return files;
}

function renamed(text: string, { id, variable, title, environment }: Names): string {
  return text
    .replaceAll('TEMPLATE_URL', environment)
    .replaceAll(TEMPLATE, id)
    .replace(/(['"])template\1/g, `$1${id}$1`)
    .replaceAll('template.example', `${id.replaceAll('_', '-')}.example`)
    .replace(/\btemplate\b/g, variable)
    .replace(/\bTemplate\b/g, title);
}

/** The registry with the platform in it: its import among the others by name, its line's end in the list. */
function registered(text: string, { id, variable }: Names): string {
  const list = /^export const platforms: readonly Platform\[\] = \[([^\]]*)\];$/m;
  const found = list.exec(text);
  const imports = text.split('\n').filter((line) => line.endsWith("/index.ts';"));
  if (found === null || imports.length === 0) {
    throw new Refused(`${REGISTRY} does not look as expected, so nothing was written: see docs/add-a-platform.md.`);
  }
  const all = [...(found[1] ?? '').split(',').map((name) => name.trim()), variable].filter((name) => name !== '');
  const start = 'export const platforms: readonly Platform[] = [';
  const line = `${start}${all.join(', ')}];`;
  const wrapped = `${start}\n${all.map((name) => `  ${name},\n`).join('')}];`;
  const added = `import { ${variable} } from './${id}/index.ts';`;
  const next = imports.find((one) => one > added);
  const withImport =
    next === undefined
      ? text.replace(imports.at(-1) ?? '', (last) => `${last}\n${added}`)
      : text.replace(next, (after) => `${added}\n${after}`);
  return withImport.replace(list, () => (line.length > WIDTH ? wrapped : line));
}

/** The example environment with the platform's address after those of the others. */
function withVariable(text: string, environment: string): string {
  const known = platforms.map((platform) => `${platform.baseUrlVariable}=`);
  const lines = text.split('\n');
  const last = lines.findLastIndex((line) => known.includes(line));
  return last < 0 ? text : lines.toSpliced(last + 1, 0, `${environment}=`).join('\n');
}

async function command(): Promise<string> {
  const names = namesOf(process.argv.slice(2));
  const files = await filesFor(names);
  for (const path of files.keys()) {
    const exists = await access(join(root, path)).then(
      () => true,
      () => false,
    );
    if (exists)
      throw new Refused(`${path} exists already, so nothing was written: move it away, or choose another id.`);
  }
  const registry = registered(await readFile(join(root, REGISTRY), 'utf8'), names);
  for (const [path, text] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text, { flag: 'wx' });
  }
  await writeFile(join(root, REGISTRY), registry);
  const environment = await readFile(join(root, ENVIRONMENT), 'utf8').catch(() => null);
  if (environment !== null) {
    await writeFile(join(root, ENVIRONMENT), withVariable(environment, names.environment));
  }
  return `${names.id} is there, and runs as an example: npm run demo, then /scrape now ${names.id}

  scraper/platforms/${names.id}/          what the site answers (schema.ts), and what is made of it (index.ts)
  scraper/platforms/${names.id}/demo/     recorded answers: its demo site, and those of its tests
  tests/fixtures/${names.id}/             what those answers hold
  tests/scraper/platforms/${names.id}.test.ts

Its tests run, and one of them says what is next:
  npm test -- tests/scraper/platforms/${names.id}.test.ts
docs/add-a-platform.md walks through it.
`;
}

try {
  process.stdout.write(await command());
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
