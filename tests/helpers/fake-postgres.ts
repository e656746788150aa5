/** A server that speaks just enough of Postgres's protocol to answer every query with one number. */
import { createServer, type AddressInfo } from 'node:net';

/** Answers each query with one row of one integer column called `column`. */
export async function fakePostgres(column: string, value: number): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((socket) => {
    let greeted = false;
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      if (!greeted) {
        greeted = true;
        socket.write(Buffer.concat([message('R', int(0, 4)), ready]));
      } else if (bytes.toString('latin1', 0, 1) === 'Q') {
        socket.write(answer(column, String(value)));
      } else {
        socket.end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `postgres://someone:secret@127.0.0.1:${port}/old`,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function message(kind: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(kind), int(body.length + 4, 4), body]);
}

const ready = message('Z', Buffer.from('I'));

function answer(column: string, value: string): Buffer {
  const int4 = 23;
  const field = Buffer.concat([text(column), int(0, 4), int(0, 2), int(int4, 4), int(4, 2), int(0, 4), int(0, 2)]);
  return Buffer.concat([
    message('T', int(1, 2), field),
    message('D', int(1, 2), int(value.length, 4), Buffer.from(value)),
    message('C', text('SELECT 1')),
    ready,
  ]);
}

function int(value: number, bytes: 2 | 4): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeIntBE(value, 0, bytes);
  return buffer;
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}
