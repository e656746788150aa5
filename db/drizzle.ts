/**
 * The one door to drizzle, loaded as CommonJS: through `import`, Node re-reads drizzle's 180 kB package.json for each of its
 * ~100 modules, which costs 300 ms and 170 MB more at every start.
 */
import { createRequire } from 'node:module';
import type * as orm from 'drizzle-orm';
import type * as core from 'drizzle-orm/pg-core';
import type * as driver from 'drizzle-orm/postgres-js';
import type * as migrator from 'drizzle-orm/postgres-js/migrator';

// drizzle-kit turns this file into CommonJS, where import.meta.url is undefined and __filename is not.
const load = createRequire(import.meta.url ?? __filename);

/** Conditions, SQL fragments and aggregates, as drizzle-orm exports them. */
export const {
  and,
  arrayContains,
  arrayOverlaps,
  asc,
  between,
  count,
  countDistinct,
  desc,
  DrizzleQueryError,
  eq,
  exists,
  getTableColumns,
  getTableName,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  like,
  lt,
  lte,
  max,
  min,
  ne,
  not,
  notExists,
  notInArray,
  or,
  sql,
  sum,
} = load('drizzle-orm') as typeof orm;

/** Builders of tables, columns, constraints and views, as drizzle-orm/pg-core exports them. */
export const {
  alias,
  bigint,
  boolean,
  check,
  date,
  customType,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgSchema,
  pgTable,
  pgView,
  primaryKey,
  smallint,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
  unionAll,
} = load('drizzle-orm/pg-core') as typeof core;

/** drizzle over a postgres.js client, or over anything that answers the few calls it makes. */
export const { drizzle } = load('drizzle-orm/postgres-js') as typeof driver;

/** Runs the migrations of a folder; it takes no lock of its own. */
export const { migrate: applyMigrations } = load('drizzle-orm/postgres-js/migrator') as typeof migrator;

export type { SQL } from 'drizzle-orm';
export type { PgDatabase } from 'drizzle-orm/pg-core';
export type { PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js';
export type { ExtractTablesWithRelations as TablesOf } from 'drizzle-orm';
