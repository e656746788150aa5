/** A way to the database that reads what is said on it, and can stop a connection at one exact statement or commit. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Where a connection is stopped. */
export interface Point {
  /** A statement whose text matches. */
  statement: RegExp;
  /** Which is given this among its parameters. */
  given?: string;
  /** At the commit of the transaction in which it came by, not at the statement itself. */
  commit?: boolean;
  /** Before it is passed on; or when it is done, and the answer not passed back. */
  when: 'before' | 'after';
  /** At which of those that come by from now on; the first unless given. */
  nth?: number;
}

/** Stands in front of a server; everybody who is to be stopped connects through it. */
export interface WatchedPostgres extends AsyncDisposable {
  /** The database's address, through it. */
  url: string;
  /** The statements that have come by, oldest first. */
  readonly statements: readonly string[];
  /**
   * Calls `then` when somebody comes to the point. What was held back there never goes on, unless it says so: to somebody
   * who is frozen by now, and will get it when he wakes up. Resolves after that.
   */
  stopAt(point: Point, then: () => void | 'goes on'): Promise<void>;
}

interface Armed {
  point: Point;
  left: number;
  reached: () => void | 'goes on';
}

/** Stands in front of the server of `url`. */
export async function watchedPostgres(url: string): Promise<WatchedPostgres> {
  const target = new URL(url);
  const statements: string[] = [];
  const sockets = new Set<Socket>();
  let armed: Armed[] = [];

  /** The point this statement is, if it is one that somebody waits for. `bind`: the message that gives its parameters. */
  function pointOf(text: string, before: readonly string[], bind: Buffer | null): Armed | undefined {
    const commits = /^\s*commit\b/i.test(text);
    const found = armed.filter(({ point: { statement, given, commit = false } }) => {
      if (given !== undefined && bind?.includes(given) !== true) return false;
      return commit ? commits && before.some((one) => statement.test(one)) : statement.test(text);
    });
    for (const one of found) one.left -= 1;
    const due = found.find((one) => one.left === 0);
    armed = armed.filter((one) => one !== due);
    return due;
  }

  // Message by message, small ones are not to wait for one another.
  const server = createServer({ noDelay: true }, (client) => {
    const database = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
    /** Statements of the transaction that is open on this connection. */
    let open: string[] = [];
    /** Every Sync and every simple query is answered by one ReadyForQuery, as is the start. */
    let asked = 1;
    let answered = 0;
    let stopped = false;
    /** Statements by the name they were prepared under. */
    const prepared = new Map<string, string>();
    let awaited: { answer: number; reached: Armed['reached']; done: Buffer[] } | null = null;

    const fromClient = messages('untyped first', (kind, message) => {
      if (stopped) return;
      const parts = message.toString('utf8', 5).split('\0', 2);
      if (kind === 'P') prepared.set(parts[0] ?? '', parts[1] ?? '');
      // What is prepared is asked for when it is given its parameters, once or many times.
      const text = kind === 'Q' ? parts[0] : kind === 'B' ? prepared.get(parts[1] ?? '') : undefined;
      const due = text === undefined ? undefined : pointOf(text, open, kind === 'B' ? message : null);
      if (text !== undefined) {
        statements.push(text);
        open = /^\s*(begin|commit|rollback)\b/i.test(text) ? [] : [...open, text];
      }
      if (due?.point.when === 'before') stopped = due.reached() !== 'goes on';
      if (stopped) return;
      if (due?.point.when === 'after') awaited = { answer: asked + 1, reached: due.reached, done: [] };
      if (kind === 'Q' || kind === 'S') asked += 1;
      database.write(message);
    });
    const fromDatabase = messages('typed', (kind, message) => {
      if (stopped) return;
      const isIts = awaited !== null && answered === awaited.answer - 1;
      if (kind === 'Z') answered += 1;
      // What was asked for before the statement could be sent, its types, is passed back; that it is done is not.
      if (awaited === null || !isIts || !'CZ'.includes(kind)) return void client.write(message);
      awaited.done.push(message);
      if (kind === 'C') return;
      stopped = awaited.reached() !== 'goes on';
      if (!stopped) client.write(Buffer.concat(awaited.done));
      awaited = null;
    });

    for (const [from, to, read] of [
      [client, database, fromClient],
      [database, client, fromDatabase],
    ] as const) {
      sockets.add(from);
      from.on('data', read);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const through = new URL(url);
  through.port = String((server.address() as AddressInfo).port);
  return {
    url: through.href,
    statements,
    stopAt(point, then) {
      return new Promise((resolve) => {
        const reached = () => {
          const how = then();
          resolve();
          return how;
        };
        armed.push({ point, left: point.nth ?? 1, reached });
      });
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Cuts what comes in into whole messages: a byte of kind, and a length. The first of a client has no kind. */
function messages(start: 'untyped first' | 'typed', each: (kind: string, message: Buffer) => void) {
  let rest: Buffer = Buffer.alloc(0);
  let typed = start === 'typed';
  return (bytes: Buffer): void => {
    rest = Buffer.concat([rest, bytes]);
    for (;;) {
      const head = typed ? 1 : 0;
      if (rest.length < head + 4) return;
      const length = head + rest.readInt32BE(head);
      if (rest.length < length) return;
      const message = rest.subarray(0, length);
      rest = rest.subarray(length);
      const kind = typed ? message.toString('latin1', 0, 1) : '';
      typed = true;
      each(kind, message);
    }
  };
}
