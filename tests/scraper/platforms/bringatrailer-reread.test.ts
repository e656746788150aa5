/** Fields read anew from pages that were kept: what is found, what is not, and that the site is left in peace. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { evidenceOf } from '#scraper/evidence.ts';
import { bringatrailer } from '#scraper/platforms/bringatrailer/index.ts';
import { runPlatform } from '#scraper/run-steps.ts';
import { serve } from '../../helpers/loopback.ts';
import { memoryContext } from '../../helpers/memory-context.ts';
import { listingHtml } from './bringatrailer-page.ts';

/** Reads a field of lot 555001 anew, of which this page was kept. */
async function reread(what: string, html: string | null) {
  let asked = 0;
  const site = await serve((_, response) => {
    asked += 1;
    response.writeHead(200).end();
  });
  onTestFinished(() => site[Symbol.asyncDispose]());
  const step = bringatrailer.backfills?.find((backfill) => backfill.what === what)?.step;
  if (step === undefined) throw new Error(`${what} cannot be backfilled`);
  const context = memoryContext();
  context.items.set('555001', { key: '555001', step: step.name, attempts: 0, priority: 0, payload: {} });
  if (html !== null) {
    const about = { step: 'extract', itemKey: '555001', why: 'incomplete' as const, at: new Date() };
    context.evidence.push(
      await evidenceOf({ url: 'https://bringatrailer.com/listing/a/', text: html } as never, about),
    );
  }
  const result = await runPlatform({ ...bringatrailer, steps: [step] }, context, {
    baseUrl: site.url,
    onInternalError: (error) => {
      throw error;
    },
  });
  return { result, context, asked };
}

const lot = { kind: 'fields', platform: 'bringatrailer', listingId: '555001' };

describe('a field that is read again', () => {
  test.each([
    ['vin', { vin: '9TMGT3453R1000001', vinCheckDigitOk: true }],
    ['chassis', { chassis: '9TMGT3453R1000001' }],
    ['mileage', { mileage: 51000, mileageUnit: 'mi' }],
    ['year', { year: 1994 }],
    ['make', { make: 'Testmake' }],
    ['location', { location: 'Springfield, Ohio 45501' }],
  ])('%s comes from the kept page, and no request leaves', async (what, fields) => {
    const { result, context, asked } = await reread(what, listingHtml('sold'));
    expect(result.status).toBe('completed');
    expect(context.records).toEqual([{ ...lot, fields }]);
    expect(asked).toBe(0);
  });

  test('is not there on some pages, which is an answer', async () => {
    const page = listingHtml('sold', { 'Chassis:': 'Engine:' });
    const { result, context } = await reread('vin', page);
    expect(result).toMatchObject({ status: 'completed', steps: [{ name: 'reread', counts: { gone: 1 } }] });
    expect(context.results.get('555001')).toMatchObject({ outcome: 'gone' });
  });

  test('is nowhere to be found when the page is kept no longer', async () => {
    const { context } = await reread('vin', null);
    expect(context.results.get('555001')).toMatchObject({
      outcome: 'gone',
      failure: { kind: 'not_found', detail: 'its page is kept no longer' },
    });
  });

  test('is not taken from the page of another lot', async () => {
    const { result, context } = await reread('vin', listingHtml('sold').replaceAll('555001', '555999'));
    expect(result).toMatchObject({ status: 'failed', steps: [{ failure: { kind: 'drifted' } }] });
    expect(context.records).toEqual([]);
  });
});
