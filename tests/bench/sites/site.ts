/**
 * A site as a process: `node site.ts <latency in ms>` answers every path that ends in an eight-digit number with an event
 * (`…/event?eventId=sr:match:12345678…`) or a lot (`/listing/lot-12345678/`), over HTTP, over HTTPS, and through a proxy
 * that opens tunnels. It writes to sockets itself, so that its own work is a small part of what is measured. It says where
 * it is as one line of JSON; for each line of its input it says what it has counted since the last one.
 */
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { createServer as createTlsServer } from 'node:tls';
import { serveProxy } from '../../helpers/connect-proxy.ts';
import { eventPieces, lotPieces, type Pieces } from './pages.ts';

const latencyMs = Number(process.argv[2]);
const answers = {
  event: answer('application/json;charset=UTF-8', eventPieces()),
  lot: answer('text/html; charset=utf-8', lotPieces()),
};
let handshakes = 0;
const tls = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url));
const plain = createServer({ noDelay: true }, serve);
const secure = createTlsServer({ key: tls('localhost.key.pem'), cert: tls('localhost.cert.pem') }, (socket) => {
  handshakes += 1;
  serve(socket);
});
const proxy = await serveProxy();
process.stdout.write(
  `${JSON.stringify({ http: await listen(plain), https: await listen(secure), proxy: proxy.port })}\n`,
);
createInterface({ input: process.stdin })
  .on('line', () => {
    process.stdout.write(`${JSON.stringify({ handshakes, tunnels: proxy.tunnels.length })}\n`);
    handshakes = 0;
    proxy.tunnels.length = 0;
  })
  .on('close', () => process.exit(0));

function answer(type: string, pieces: Pieces) {
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0) + (pieces.length - 1) * 8;
  const head = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: ${size}\r\n\r\n`);
  return { head, pieces };
}

function serve(socket: Socket): void {
  let received = '';
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    for (let end = received.indexOf('\r\n\r\n'); end >= 0; end = received.indexOf('\r\n\r\n')) {
      const target = received.slice(0, received.indexOf('\r\n'));
      received = received.slice(end + 4);
      const number = Buffer.from(/\d{8}/.exec(target)?.[0] ?? '00000000');
      const { head, pieces } = target.includes('event') ? answers.event : answers.lot;
      const parts = [head, ...pieces.flatMap((piece, at) => (at === 0 ? [piece] : [number, piece]))];
      const send = () => socket.write(Buffer.concat(parts));
      if (latencyMs > 0) setTimeout(send, latencyMs);
      else send();
    }
  });
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
