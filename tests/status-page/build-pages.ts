/** Builds the whole site of a database, as `npm run page:build` does, at a moment of one's own. */
import { join } from 'node:path';
import type { Opening } from '#bot/page/process.ts';
import { rebuild } from '#bot/page/rebuild.ts';

/** Two hours after the story began, while its last run is under way. */
export const storyMoment = new Date('2024-11-23T14:03:00Z');

/** How pages are opened in tests: at a fixed address, in UTC. */
export function anOpening(databaseUrl: string, statusDir: string, given: Partial<Opening> = {}): Opening {
  return {
    databaseUrl,
    statusDir,
    rendererDir: join(statusDir, 'renderer'),
    address: 'https://status.example/',
    timeZone: 'UTC',
    attempts: { unreachable: 3 },
    everyMs: 300_000,
    ...given,
  };
}

/** Answers the folder of the plain files. */
export async function buildPages(databaseUrl: string, statusDir: string, now = storyMoment): Promise<string> {
  await rebuild(anOpening(databaseUrl, statusDir), now);
  return join(statusDir, 'current');
}
