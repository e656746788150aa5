/** An address that swallows what is sent to it: connecting neither succeeds nor fails. */
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** Listens, takes nothing in, and says when its queue is open. */
const sleeper = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { host, port, wake } = workerData;
  require('node:net').createServer().listen({ host, port, backlog: 1 }, () => {
    parentPort.postMessage('open');
    // The queue fills up behind a thread that stands still; the system drops who comes then.
    setImmediate(() => Atomics.wait(wake, 0, 0));
  });`;

/** A black hole at this port of an address of this machine; dispose of it to close it. */
export async function openBlackHole(host: string, port: number): Promise<AsyncDisposable> {
  const wake = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(sleeper, { eval: true, workerData: { host, port, wake } });
  await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  const sockets: Socket[] = [];
  // As long as connecting succeeds, there is room in the queue.
  for (let open = true; open;) {
    const socket = connect({ host, port }).on('error', () => {});
    sockets.push(socket);
    open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      // What has connected while this process was held up is heard of after the timer.
      setTimeout(() => setImmediate(() => resolve(!socket.connecting)), 500);
    });
  }
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      Atomics.store(wake, 0, 1);
      Atomics.notify(wake, 0);
      await worker.terminate();
    },
  };
}
