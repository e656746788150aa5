/** `npm ci` refuses a lock file that leaves out a platform's package, also on machines that would never install it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface LockFile {
  packages: Record<string, { version?: string; optionalDependencies?: Record<string, string> }>;
}

test('the lock file has every optional package that one of its packages names', async () => {
  const text = await readFile(join(import.meta.dirname, '../../package-lock.json'), 'utf8');
  const { packages } = JSON.parse(text) as LockFile;
  const missing: string[] = [];
  for (const [place, { optionalDependencies = {} }] of Object.entries(packages)) {
    for (const name of Object.keys(optionalDependencies)) {
      if (!placesSeenFrom(place, name).some((seen) => packages[seen]?.version)) missing.push(`${name} (${place})`);
    }
  }
  expect(missing, 'add them with version, os and cpu, or lock against a registry that has them').toEqual([]);
});

/** Where a package looks for another one: in its own node_modules, then in those of the folders around it. */
function placesSeenFrom(place: string, name: string): string[] {
  const around = place.split(/\/?node_modules\//).filter(Boolean);
  const places = [`node_modules/${name}`];
  for (const [index] of around.entries()) {
    const folder = around.slice(0, index + 1).map((part) => `node_modules/${part}`);
    places.push(`${folder.join('/')}/node_modules/${name}`);
  }
  return places;
}
