/** A proxy on 127.0.0.1 that opens tunnels (CONNECT), asks for credentials, and keeps a list of what it was asked for. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** A running proxy; dispose of it to close it with all its tunnels. */
export interface ConnectProxy extends AsyncDisposable {
  port: number;
  /** Each tunnel asked for: where to, and the credentials shown. */
  tunnels: { target: string; credentials: string | undefined }[];
  /** Ordinary requests, which a tunnel-only client never sends. */
  readonly requests: number;
}

/** How it behaves. */
export interface ProxyManners {
  /** For a proxy spoken to over TLS. */
  tls?: ServerOptions;
  /** Where a tunnel really leads, whatever was asked for; the target itself when left out. */
  leadsTo?: number;
  /** Instead of opening a tunnel. */
  refuse?: (socket: Socket) => void;
}

export async function serveProxy({ tls, leadsTo, refuse }: ProxyManners = {}): Promise<ConnectProxy> {
  const tunnels: ConnectProxy['tunnels'] = [];
  const sockets = new Set<Socket>();
  let requests = 0;
  const onRequest: RequestListener = (_, response) => {
    requests += 1;
    response.writeHead(400).end();
  };
  const server: Server = tls ? createTlsServer(tls, onRequest) : createServer(onRequest);
  server.on('connection', (socket: Socket) => void sockets.add(socket));
  server.on('connect', (request, socket, head) => {
    const target = request.url ?? '';
    tunnels.push({ target, credentials: request.headers['proxy-authorization'] });
    socket.on('error', () => {});
    if (refuse) return refuse(socket as Socket);
    const site = connect(leadsTo ?? Number(target.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      site.write(head);
      site.pipe(socket).pipe(site);
    });
    sockets.add(site);
    site.on('error', () => socket.destroy());
    site.on('close', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    tunnels,
    get requests() {
      return requests;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
