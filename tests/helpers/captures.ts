/**
 * Real answers of the three books, kept outside the project: one folder per book in the folder that CAPTURES_DIR
 * names. Without it the tests that need them are skipped, and the fixtures in the real shape have to do.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEvent as parseBet9ja } from '#scraper/platforms/bet9ja/index.ts';
import { parseEvent as parseBetpawa } from '#scraper/platforms/betpawa/index.ts';
import type { EventAnswer } from '#scraper/platforms/event-answer.ts';
import { parseEvent as parseSportybet } from '#scraper/platforms/sportybet/index.ts';

/** How each book's answers about one event are read. */
export const parsers = { sportybet: parseSportybet, bet9ja: parseBet9ja, betpawa: parseBetpawa };

export type Book = keyof typeof parsers;

/** One real answer; parsed as of the day before its match. */
export interface Capture {
  book: Book;
  file: string;
  live: boolean;
  read(): unknown;
  parse(): EventAnswer;
}

const folder = process.env['CAPTURES_DIR'];
const at = new Date('2026-05-06T09:00:00Z');

/** Every real answer there is, book by book. */
export const captures: Capture[] = (Object.keys(parsers) as Book[]).flatMap((book) => {
  const path = folder ? resolve(folder, book) : '';
  const files = existsSync(path) ? readdirSync(path).filter((file) => file.endsWith('.json')) : [];
  return files.map((file): Capture => {
    const read = () => JSON.parse(readFileSync(resolve(path, file), 'utf8')) as unknown;
    return { book, file, live: file.toLowerCase().includes('live'), read, parse: () => parsers[book](read(), at) };
  });
});

if (captures.length === 0) {
  console.info(
    'Skipped: no real answers to check against. CAPTURES_DIR has to name a folder with one folder per book.',
  );
}
