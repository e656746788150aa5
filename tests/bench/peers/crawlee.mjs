/** Crawlee's HttpCrawler and CheerioCrawler, as their documentation shows them, with the same number of requests at once. */
import { CheerioCrawler } from '@crawlee/cheerio';
import { Configuration, HttpCrawler, log, LogLevel } from '@crawlee/http';
import { readEvent, readLot } from './reading.mjs';
import { addressOf, timed } from '../scraping/timed.ts';

const task = JSON.parse(process.argv[2]);
log.setLevel(LogLevel.OFF);

await timed(task, async (numbers) => {
  let done = 0;
  const options = {
    minConcurrency: task.concurrency,
    maxConcurrency: task.concurrency,
    maxRequestRetries: 0,
    additionalMimeTypes: ['application/json'],
  };
  const config = new Configuration({ persistStorage: false, purgeOnStart: false, availableMemoryRatio: 0.9 });
  const crawler =
    task.kind === 'json'
      ? new HttpCrawler(
          { ...options, requestHandler: ({ body }) => void (done += readEvent(String(body)) ? 1 : 0) },
          config,
        )
      : new CheerioCrawler({ ...options, requestHandler: ({ $ }) => void (done += readLot($) ? 1 : 0) }, config);
  await crawler.run(numbers.map((number) => addressOf(task, number)));
  if (done !== numbers.length) throw new Error(`${done} of ${numbers.length}`);
});
