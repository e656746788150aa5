/** A line to a service on which every byte that is sent is kept. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A recorded line; dispose of it to cut it. */
export interface Recorder extends AsyncDisposable {
  /** The service's address, over this line. */
  url: string;
  /** Everything that was sent to the service, over all connections. */
  sent(): string;
}

/** Lays a line to an http address. */
export async function record(to: string): Promise<Recorder> {
  const url = new URL(to);
  const target = { host: url.hostname, port: Number(url.port) };
  const sockets = new Set<Socket>();
  const sent: Buffer[] = [];
  const server = createServer((inside) => {
    const outside = connect(target);
    for (const socket of [inside, outside]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    inside.on('data', (bytes) => void sent.push(bytes));
    inside.on('error', () => outside.destroy());
    outside.on('error', () => inside.destroy());
    inside.pipe(outside).pipe(inside);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    sent: () => Buffer.concat(sent).toString('latin1'),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
