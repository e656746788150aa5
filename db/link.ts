/**
 * One connection with one life: one socket, never reconnected. postgres.js left alone reconnects in a spin when a server
 * closes the connection at startup, and waits for ever on a link whose other end fell silent; a link rejects instead.
 */
import { connect as connectSocket, type Socket } from 'node:net';
import { arrayTypes } from './array-types.ts';
import { asLost, DatabaseLost, DatabaseTimeout } from './errors.ts';
import { postgres, type PostgresOptions } from './postgres.ts';
import { isKeptPrepared } from './prepared.ts';

/** A statement, how its rows are wanted, and how long its answer may take. */
export interface Statement {
  text: string;
  params?: readonly unknown[];
  /** Rows as arrays of columns instead of objects. */
  values?: boolean;
  deadlineMs: number;
}

/** Rows as postgres.js gives them: an array that also knows the command (`COMMIT`, `ROLLBACK`) and its row count. */
export type Rows = unknown[] & { command: string; count: number };

interface Query extends PromiseLike<Rows> {
  values(): PromiseLike<Rows>;
}

/** See the head of this file. After `lost` fired, every call rejects. */
export interface Link {
  /** Connects now; the deadline begins when it is our turn to. Without it, the first statement connects. */
  open(deadlineMs: number): Promise<void>;
  /** Rejects with DatabaseTimeout after the deadline, and destroys the link, as its state is then unknown. */
  run(statement: Statement): Promise<Rows>;
  /** Says goodbye to the server; resolves when the socket is closed, after a second at most. */
  end(): Promise<void>;
  /** Closes the socket at once; statements that wait reject. */
  destroy(): void;
  /** Fires when the connection is gone, whoever closed it; the reason is the error. */
  readonly lost: AbortSignal;
}

/** Parsers and serializers by Postgres type id, as drizzle sets them on the client it is given. */
export interface TypeMaps {
  parsers: Record<string, unknown>;
  serializers: Record<string, unknown>;
}

/** Where a link leads and how it introduces itself. */
export interface LinkTarget {
  url: string;
  /** Settings of the session, sent with the first message. */
  parameters: Record<string, string>;
  types?: TypeMaps;
  onNotify?: (channel: string, payload: string) => void;
  /** Waits for permission to open a socket: the limit on connects per second. */
  admission: (givenUp: AbortSignal) => Promise<void>;
}

/** Prepares a link; the socket is opened by its first statement. */
export function openLink(target: LinkTarget): Link {
  const lost = new AbortController();
  let socket: Socket | null = null;
  let turn: Promise<void> | null = null;
  const admission = (): Promise<void> => (turn ??= target.admission(lost.signal));

  const { url, path } = readUrl(target.url);
  const options: PostgresOptions<Record<string, never>> & {
    socket: (options: { host: string[]; port: number[] }) => Promise<Socket>;
  } = {
    max: 1,
    fetch_types: false,
    // Statement by statement, see `run`.
    prepare: true,
    max_lifetime: null,
    idle_timeout: 0,
    connect_timeout: 0,
    keep_alive: 15,
    onnotice: () => {},
    connection: target.parameters,
    onclose: () => fail(new DatabaseLost('The database closed the connection.')),
    async socket({ host, port }) {
      try {
        await admission();
        if (socket) throw new DatabaseLost('The database closed the connection before it was ready.');
        socket = await openSocket(path, host, port, lost.signal);
        return socket;
      } catch (error) {
        fail(asLost(error));
        throw error;
      }
    },
    ...(path === null ? {} : { path }),
    ...(target.onNotify ? { onnotify: target.onNotify } : {}),
  };
  const sql = postgres(url, options);
  // Its own type wants to know every parameter's; ours come from drizzle and are what they are.
  const send = sql.unsafe as unknown as (text: string, params: unknown[], options: { prepare: boolean }) => Query;
  const maps = sql.options as unknown as TypeMaps;
  Object.assign(maps.parsers, arrayTypes.parsers, target.types?.parsers);
  Object.assign(maps.serializers, arrayTypes.serializers, target.types?.serializers);

  function fail(error: unknown): void {
    if (lost.signal.aborted) return;
    lost.abort(error);
    void sql.end({ timeout: 0 }).catch(() => {});
    socket?.destroy();
  }

  function run({ text, params = [], values = false, deadlineMs }: Statement): Promise<Rows> {
    return new Promise((resolve, reject) => {
      if (lost.signal.aborted) return reject(lostError());
      const timer = setTimeout(() => {
        fail(new DatabaseTimeout(`The database did not answer within ${seconds(deadlineMs)} s.`));
      }, deadlineMs);
      const onLost = () => settle(() => reject(lostError()));
      const settle = (answer: () => void) => {
        clearTimeout(timer);
        lost.signal.removeEventListener('abort', onLost);
        answer();
      };
      lost.signal.addEventListener('abort', onLost);
      // drizzle switches the serialisation of dates off on the client it is given, so we do it here.
      const plain = params.map((value) => (value instanceof Date ? value.toISOString() : value));
      const query = send(text, plain, { prepare: isKeptPrepared(text, plain.length) });
      (values ? query.values() : query).then(
        (rows) => settle(() => resolve(rows)),
        (error: unknown) => {
          settle(() => reject(asLost(error)));
          if (isFatal(error)) fail(error);
        },
      );
    });
  }

  /** Each waiting statement gets an error of its own: drizzle hangs parameters on what it wraps. */
  function lostError(): unknown {
    const fatal: unknown = lost.signal.reason;
    if (fatal instanceof DatabaseTimeout) return new DatabaseTimeout(fatal.message);
    if (fatal instanceof DatabaseLost) return new DatabaseLost(fatal.message, fatal.code);
    return fatal;
  }

  return {
    async open(deadlineMs) {
      await admission();
      await run({ text: 'select 1', deadlineMs });
    },
    run,
    lost: lost.signal,
    destroy: () => fail(new DatabaseLost('The connection was given up.')),
    async end() {
      if (lost.signal.aborted) return;
      lost.abort(new DatabaseLost('The connection was closed.'));
      await sql.end({ timeout: 1 }).catch(() => {});
    },
  };
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}

/** After FATAL (wrong password, shutting down, starting up) the server closes the connection by itself. */
function isFatal(error: unknown): boolean {
  const severity = error instanceof Error && 'severity' in error ? error.severity : null;
  return severity === 'FATAL' || severity === 'PANIC';
}

/** postgres.js takes a Unix socket only as an option; in a URL it is `?host=/folder` or a percent-encoded host. */
function readUrl(text: string): { url: string; path: string | null } {
  // A list of hosts is no URL to the standard, but is one to postgres.js.
  if (!URL.canParse(text)) return { url: text, path: null };
  const url = new URL(text);
  const folder = url.searchParams.get('host') ?? decodeURIComponent(url.hostname);
  if (!folder.startsWith('/')) return { url: text, path: null };
  const path = `${folder}/.s.PGSQL.${url.searchParams.get('port') ?? (url.port || '5432')}`;
  url.searchParams.delete('host');
  url.searchParams.delete('port');
  url.hostname = 'localhost';
  return { url: url.href, path };
}

/**
 * A host list is tried in order. `noDelay`: with Nagle's algorithm on, a COPY and the statement after it wait 44 ms each.
 */
async function openSocket(path: string | null, hosts: string[], ports: number[], lost: AbortSignal): Promise<Socket> {
  let refusal: unknown;
  for (const [at, host] of (path === null ? hosts : ['']).entries()) {
    const socket =
      path === null ? connectSocket({ host, port: ports[at] ?? 5432, noDelay: true }) : connectSocket({ path });
    const giveUp = () => socket.destroy(new DatabaseLost('The connection was given up.'));
    lost.addEventListener('abort', giveUp);
    if (lost.aborted) giveUp();
    try {
      await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      socket.removeAllListeners('error');
      // postgres.js reads the host from the socket for the name it expects in a TLS certificate.
      return Object.assign(socket, { host });
    } catch (error) {
      refusal = error;
    } finally {
      lost.removeEventListener('abort', giveUp);
    }
  }
  throw refusal;
}
