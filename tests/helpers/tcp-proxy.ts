/** A network between us and the database that can fall silent, break and come back. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Connections made through it, and what it does to them. */
export interface TcpProxy extends AsyncDisposable {
  /** The database's address, through the proxy. */
  url: string;
  readonly connections: number;
  /** Swallows every byte from now on, both ways, on old and new connections: nobody is told. */
  fallSilent(): void;
  /** New connections work again; the silent ones stay silent. */
  recover(): void;
  /** Breaks every connection. */
  cut(): void;
  /** Breaks every connection, and new ones at once, until told otherwise. */
  refuse(refusing: boolean): void;
}

/** Stands in front of the server of `url`. */
export async function tcpProxy(url: string): Promise<TcpProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let connections = 0;
  let silent = false;
  let refusing = false;
  const silenced = new WeakSet<Socket>();
  const server = createServer((inside) => {
    connections += 1;
    if (refusing) return void inside.destroy();
    const outside = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
    for (const [from, to] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      sockets.add(from);
      if (silent) silenced.add(from);
      from.on('data', (bytes) => silenced.has(from) || to.write(bytes));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        if (!silenced.has(from)) to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const through = new URL(url);
  through.port = String((server.address() as AddressInfo).port);
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    url: through.href,
    get connections() {
      return connections;
    },
    refuse(now) {
      refusing = now;
      if (now) cut();
    },
    fallSilent() {
      silent = true;
      for (const socket of sockets) silenced.add(socket);
    },
    recover: () => (silent = false),
    cut,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
  };
}
