/** Sites on 127.0.0.1 for tests: an ordinary server, and one that writes whatever bytes it likes. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { createServer as createRawServer, type AddressInfo, type Socket } from 'node:net';

/** A running site; dispose of it to close it with all its connections. */
export interface Loopback extends AsyncDisposable {
  url: string;
  /** Host and port. */
  host: string;
  port: number;
  /** Method and target of each request, in order. */
  asked: string[];
  /** Connections accepted so far. */
  readonly connections: number;
}

/** An HTTP site; the handler answers each request. */
export function serve(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<Loopback> {
  return listening('http', (listener) => createServer(listener), handler);
}

/** An HTTPS site. */
export function serveTls(
  options: ServerOptions,
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Loopback> {
  return listening('https', (listener) => createTlsServer(options, listener), handler);
}

async function listening(
  scheme: string,
  create: (listener: RequestListener) => Server,
  handler: RequestListener,
): Promise<Loopback> {
  const asked: string[] = [];
  let connections = 0;
  const server = create((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    handler(request, response);
  });
  server.on('connection', () => (connections += 1));
  const port = await listen(server);
  return {
    ...place(scheme, port),
    asked,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A site that answers each request by writing to the socket itself; `head` is the request's first lines. */
export async function serveRaw(answer: (socket: Socket, head: string) => void): Promise<Loopback> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createRawServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
        const head = received.slice(0, end);
        received = received.slice(end + 4);
        asked.push(head.split(' ', 2).join(' '));
        answer(socket, head);
      }
    });
  });
  const port = await listen(server);
  return {
    ...place('http', port),
    asked,
    get connections() {
      return connections;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createRawServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listen(server: ReturnType<typeof createRawServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function place(scheme: string, port: number) {
  return { url: `${scheme}://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, port };
}
