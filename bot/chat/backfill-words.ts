/** Backfills in words: what a batch is of, how far it has come, and how it goes on. */
import { usualListings } from '#bot/runs/backfill.ts';
import { isFinished, itemsDelivered, itemsKept, type Chain, type JobFacts } from '#bot/runs/run.ts';
import { encodeAction } from './actions.ts';
import type { Button, Line } from './message.ts';
import { nounOf, type Noun, type Telling } from './platform-words.ts';
import { counted } from './wording.ts';

/** `images`, `VIN`, `mileage`: a backfill as it is called in a sentence. */
export function whatWords(what: string): string {
  return what === 'vin' ? 'VIN' : what;
}

/** The title of a backfill's card; null for the card of a scrape. `retries`: ` after 1 retry (7 → 8)`, or nothing. */
export function backfillTitle(chain: Chain, job: JobFacts | undefined, retries: string, telling: Telling) {
  if (job === undefined || job.backfill === null) return null;
  const { what, batch } = job.backfill;
  const root = chain.runs[0];
  const had = batch.succeeded < batch.listings ? `${batch.succeeded} of ` : '';
  const listings = counted(batch.listings, telling.platform(job.platform).noun);
  const done = `backfilled ${whatWords(what)} of ${had}${listings}`;
  if (retries !== '') return `Run ${root.id}: ${done}${retries}`;
  if (root.cancelledBy !== null) return `Run ${root.id} was cancelled by ${root.cancelledBy.name}: ${done}`;
  switch (root.status) {
    case 'pending':
      return `Run ${root.id} is about to backfill ${whatWords(what)} of ${listings}`;
    case 'running':
      return `Run ${root.id} is backfilling ${whatWords(what)} of ${listings}`;
    case 'completed':
      return `Run ${root.id} is complete: ${done}`;
    case 'partial':
      return `Run ${root.id} is partly done: ${done}`;
    case 'failed':
      return `Run ${root.id} failed: ${done}`;
    case 'connection_failed':
      return `Run ${root.id}: Connection lost, ${done}`;
    case 'cancelled':
      return `Run ${root.id} was cancelled`;
  }
}

/** `24 of 25 listings processed, 23 succeeded, 1 failed · 46 of 50 images`. */
export function batchAmounts(job: JobFacts, { batch }: NonNullable<JobFacts['backfill']>, telling: Telling): string {
  const words = telling.platform(job.platform);
  const noun = nounOf(words, job.itemStep);
  const listings = batchWords(batch, words.noun);
  return noun === words.noun ? listings : `${listings} · ${itemWords(job, noun)}`;
}

/** `25 listings processed, 21 succeeded, 1 failed, 3 had none`: nothing was left to be had of those. */
export function batchWords(batch: NonNullable<JobFacts['backfill']>['batch'], noun: Noun): string {
  const processed = batch.succeeded + batch.without + batch.failed;
  const of = processed === batch.listings ? '' : `${processed} of `;
  const none = batch.without === 0 ? '' : `, ${batch.without} had none`;
  return `${of}${counted(batch.listings, noun)} processed, ${batch.succeeded} succeeded, ${batch.failed} failed${none}`;
}

function itemWords(job: JobFacts, noun: Noun): string {
  if (itemsKept(job) < job.itemsTotal) return `${itemsKept(job)} of ${counted(job.itemsTotal, noun)}`;
  const gone = job.itemsGone === 0 ? '' : `, ${job.itemsGone} gone`;
  return `${counted(itemsDelivered(job), noun)}${gone}`;
}

/** What lacked it still when the job had ended, and the command that goes on; null while it works. */
export function leftLine(job: JobFacts | undefined, telling: Telling): Line | null {
  if (job === undefined || job.backfill === null || job.backfill.left === null || !isFinished(job)) return null;
  const { what, batch, left } = job.backfill;
  const line = (text: string): Line => ({ tone: 'quiet', name: '', text });
  const { noun } = telling.platform(job.platform);
  const command = backfillCommand(job.platform, what, batch.listings);
  if (what === 'images') {
    if (left === 0) return line(`No ${noun.one} lacks images any more.`);
    const lack = left === 1 ? 'lacks' : 'lack';
    return line(`${counted(left, noun)} still ${lack} images: ${command} goes on.`);
  }
  if (left === 0) return line('Every page that is kept for this has been read again.');
  const pages = counted(left, { one: 'kept page is', many: 'kept pages are' });
  return line(`${pages} still to be read again: ${command} goes on.`);
}

/** Starts the next batch; null while the chain works, and when nothing is left. */
export function nextBatchButton(chain: Chain, job: JobFacts | undefined, telling: Telling): Button | null {
  if (job === undefined || job.backfill === null || chain.runs.some((run) => run.finishedAt === null)) return null;
  const { what, batch, left } = job.backfill;
  if (left === null || left === 0) return null;
  const next = counted(Math.min(left, batch.listings), telling.platform(job.platform).noun);
  const of = left > batch.listings ? `of ${left.toLocaleString('en-US')} that are left` : 'all that are left';
  return {
    id: encodeAction({ kind: 'backfill', run: chain.rootId, platform: job.platform }),
    label: 'Next batch',
    hint: `${whatWords(what)} of ${next}, ${left === 1 ? 'the last one' : of}`,
    disabled: false,
  };
}

/** The line that starts such a batch: `/scrape backfill bringatrailer images 25`. */
export function backfillCommand(platform: string, what: string, listings = usualListings(what)): string {
  const batch = what !== 'images' || listings === usualListings(what) ? '' : ` ${listings}`;
  return `/scrape backfill ${platform} ${what}${batch}`;
}
