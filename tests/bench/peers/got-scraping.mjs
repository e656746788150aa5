/** got-scraping with cheerio, as anybody would write it. */
import { load } from 'cheerio';
import { gotScraping } from 'got-scraping';
import { readEvent, readLot } from './reading.mjs';
import { addressOf, atOnce, timed } from '../scraping/timed.ts';

const task = JSON.parse(process.argv[2]);

await timed(task, (numbers) =>
  atOnce(numbers, task.concurrency, async (number) => {
    const { body } = await gotScraping({ url: addressOf(task, number), proxyUrl: task.proxy });
    if (task.kind === 'json') readEvent(body);
    else readLot(load(body));
  }),
);
