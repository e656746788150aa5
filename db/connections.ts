/** How a process connects: what its sessions are called and bound to, how many it has, and how fast it may open them. */
import { connectLimit } from './connect-limit.ts';
import { openLink, type Link, type TypeMaps } from './link.ts';
import { createPool, type Pool } from './pool.ts';

/** Times are milliseconds. */
export interface ConnectionsOptions {
  /** Most connections of the pool; listeners and locks have one more each. */
  max: number;
  /** Most a statement may take, the waiting for a connection included. */
  queryTimeoutMs: number;
  /** How the process calls itself in pg_stat_activity. */
  applicationName: string;
}

/** The connections of a process to one database; nothing is connected before the first statement. */
export interface Connections {
  readonly pool: Pool;
  /** Parsers and serializers of every connection, for whoever adds some. */
  readonly types: TypeMaps;
  /** A connection outside the pool; end it. */
  open(onNotify?: (channel: string, payload: string) => void): Link;
}

/** See {@link Connections}. Without drizzle, so that a thread which asks one statement is ready at once. */
export function openConnections(url: string, options: ConnectionsOptions): Connections {
  const { max, queryTimeoutMs, applicationName } = options;
  const parameters = sessionParameters(applicationName, queryTimeoutMs);
  const types: TypeMaps = { parsers: {}, serializers: {} };
  const limit = connectLimit(max + 2);
  const open: Connections['open'] = (onNotify) =>
    openLink({ url, parameters, types, admission: limit.turn, ...(onNotify ? { onNotify } : {}) });
  return { open, types, pool: createPool({ max, create: open, limit, connectMs: queryTimeoutMs }) };
}

/**
 * The server gives up shortly after we do, and notices a machine that vanished within half a minute, so that its locks
 * come free. A pooler between us and Postgres has to let these settings through.
 */
function sessionParameters(applicationName: string, queryTimeoutMs: number): Record<string, string> {
  return {
    application_name: applicationName,
    TimeZone: 'UTC',
    statement_timeout: String(queryTimeoutMs + 500),
    idle_in_transaction_session_timeout: '15000',
    tcp_keepalives_idle: '10',
    tcp_keepalives_interval: '5',
    tcp_keepalives_count: '3',
  };
}
