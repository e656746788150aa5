/** What all scripts that scrape share, ours and the peers': what they are asked for, and how they are timed. */

/** What is to be scraped, and how. */
export interface ScrapingTask {
  kind: 'json' | 'html';
  /** Where the site is, without a path. */
  url: string;
  /** What everything goes through. */
  proxy?: string;
  concurrency: number;
  /** How many are scraped before the clock starts. */
  warmUp: number;
  /** How many are timed. */
  count: number;
}

/** How that went. */
export interface ScrapingOutcome {
  seconds: number;
  cpuSeconds: number;
  peakMb: number;
}

/** Scrapes twice, and says how the second time went. */
export async function timed(task: ScrapingTask, scrape: (numbers: number[]) => Promise<void>): Promise<void> {
  const numbers = (from: number, length: number) => Array.from({ length }, (_, index) => from + index);
  await scrape(numbers(10_000_000, task.warmUp));
  const cpu = process.cpuUsage();
  const began = performance.now();
  await scrape(numbers(20_000_000, task.count));
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const outcome: ScrapingOutcome = {
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakMb: process.resourceUsage().maxRSS / 1024,
  };
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}

/** The address of one event or lot. */
export function addressOf({ kind, url }: ScrapingTask, number: number): string {
  return kind === 'json'
    ? `${url}/api/ng/factsCenter/event?eventId=sr:match:${number}&productId=3`
    : `${url}/listing/lot-${number}/`;
}

/** So many at once, each taking the next. */
export async function atOnce(
  numbers: readonly number[],
  concurrency: number,
  work: (number: number) => Promise<void>,
): Promise<void> {
  const queue = numbers.values();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (const number of queue) await work(number);
    }),
  );
}
