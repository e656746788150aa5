/** Scrapes so many events or lots as the product does, with the platform's own steps and no pace: `node ours.ts <task>`. */
import { bringatrailer } from '#scraper/platforms/bringatrailer/index.ts';
import { sportybet } from '#scraper/platforms/sportybet/index.ts';
import type { Platform, Step } from '#scraper/platform.ts';
import { runPlatform } from '#scraper/run-steps.ts';
import { readFileSync } from 'node:fs';
import type { WorkItemSeed } from '#scraper/result.ts';
import { memoryContext } from '../../helpers/memory-context.ts';
import { timed, type ScrapingTask } from './timed.ts';

const task = JSON.parse(process.argv[2] ?? '{}') as ScrapingTask;
const [platform, seed] = task.kind === 'json' ? ([sportybet, eventSeed] as const) : ([bringatrailer, lotSeed] as const);
const certificate = process.env['NODE_EXTRA_CA_CERTS'];

await timed(task, async (numbers) => {
  const items = numbers.map(seed);
  const context = memoryContext();
  const result = await runPlatform(onlyExtract(platform, items), context, {
    baseUrl: task.url,
    pace: { concurrency: task.concurrency, gapMs: 0 },
    ...(task.proxy !== undefined && { proxyUrl: task.proxy }),
    http: { ...(certificate !== undefined && { certificateAuthority: readFileSync(certificate, 'utf8') }) },
    onInternalError: (error) => console.error(error),
  });
  const records = context.records.length;
  if (result.status !== 'completed' || records !== numbers.length) {
    throw new Error(`${records} records of ${numbers.length}: ${result.failures[0]?.detail}`);
  }
});

/** Its items are given; what it makes of each is the platform's own. */
function onlyExtract(whole: Platform, items: WorkItemSeed[]): Platform {
  const steps = whole.steps.flatMap((step): Step[] => {
    if (step.kind === 'discover') return [{ ...step, discover: () => given(items) }];
    return step.name === 'extract' ? [{ ...step, feeds: undefined }] : [];
  });
  return { ...whole, steps };
}

async function* given(items: WorkItemSeed[]) {
  yield items;
}

function eventSeed(number: number): WorkItemSeed {
  return { key: `sr:match:${number}`, priority: number, payload: {} };
}

function lotSeed(number: number): WorkItemSeed {
  return {
    key: String(number),
    priority: number,
    payload: { url: `https://bringatrailer.com/listing/lot-${number}/` },
  };
}
