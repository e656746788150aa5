/**
 * The one door to postgres.js: the same copy that drizzle loads. Apart from {@link import('./drizzle.ts')}, because whoever
 * only reads the history (the status page, each thread of a rebuild) does without drizzle and its 200 ms.
 */
import { createRequire } from 'node:module';
import type postgresClient from 'postgres';

/** postgres.js itself. */
export const postgres = createRequire(import.meta.url)('postgres') as typeof postgresClient;

export type { Options as PostgresOptions, Sql as PostgresSql } from 'postgres';
