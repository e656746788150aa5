/** Bare undici: what a request costs at least in Node.js. Bytes are counted, and nothing is read. */
import { Pool, ProxyAgent } from 'undici';
import { addressOf, atOnce, timed } from '../scraping/timed.ts';

const task = JSON.parse(process.argv[2]);
const origin = new URL(task.url).origin;
const client = task.proxy
  ? new ProxyAgent({ uri: task.proxy, connections: task.concurrency })
  : new Pool(origin, { connections: task.concurrency });

await timed(task, (numbers) =>
  atOnce(
    numbers,
    task.concurrency,
    (number) =>
      new Promise((resolve, reject) => {
        const path = addressOf(task, number).slice(task.url.length);
        let bytes = 0;
        client.dispatch(
          { origin, path, method: 'GET' },
          {
            onRequestStart() {},
            onResponseStart() {},
            onResponseData: (_, chunk) => void (bytes += chunk.length),
            onResponseEnd: () => (bytes > 10_000 ? resolve() : reject(new Error(`${bytes} bytes`))),
            onResponseError: (_, error) => reject(error),
          },
        );
      }),
  ),
);
await client.close();
