/** Ten thousand things from outside, made by chance, over every border: none throws, and none is taken for one of ours. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeAction, encodeAction } from '#bot/chat/actions.ts';
import { csvLine } from '#bot/chat/csv.ts';
import { oneLine } from '#bot/chat/escape.ts';
import { message } from '#bot/chat/message.ts';
import type { Asked } from '#bot/chat/surface.ts';
import { answerRequest } from '#bot/commands/index.ts';
import { sql } from '#db/drizzle.ts';
import { storeRecords } from '#db/records.ts';
import { storable } from '#db/storable.ts';
import { statusFailure } from '#scraper/classify.ts';
import { decodeText } from '#scraper/decode-text.ts';
import { decompress } from '#scraper/decompress.ts';
import { ScrapeError } from '#scraper/errors.ts';
import { parseHtml } from '#scraper/html.ts';
import { parseEvent as bet9ja } from '#scraper/platforms/bet9ja/parse.ts';
import { parseEvent as betpawa } from '#scraper/platforms/betpawa/parse.ts';
import { listingPage } from '#scraper/platforms/bringatrailer/listing-reader.ts';
import { listingRecord } from '#scraper/platforms/bringatrailer/listing.ts';
import { parseEvent as sportybet } from '#scraper/platforms/sportybet/parse.ts';
import { readJson } from '#scraper/read-json.ts';
import { redact } from '#scraper/redact.ts';
import { retryAfter } from '#scraper/retry-after.ts';
import type { EventOdds } from '#scraper/result.ts';
import { fromWild } from '#scraper/well-formed.ts';
import { drawForm, expectLiteral } from '../contracts/literal.ts';
import { readFixture } from '../fixtures/read-fixture.ts';
import { chance, pick } from '../helpers/chance.ts';
import { commandServices } from '../helpers/command-services.ts';
import { testDatabase } from '../helpers/database.ts';
import { anIntent, openHouse } from '../helpers/house.ts';
import { aWildText, mutated } from '../helpers/wild.ts';
import { buildPages } from '../status-page/build-pages.ts';
import { readBuilt } from '../status-page/built-pages.ts';

const { url, db } = await testDatabase();
const house = await openHouse(url);
const services = commandServices(house, new Set());
const now = new Date('2026-11-28T12:00:00Z');
afterAll(() => house[Symbol.asyncDispose]());

/** Whatever a site sends is read, or refused as what it is. */
function refused(read: () => unknown): boolean {
  try {
    read();
    return false;
  } catch (error) {
    if (!(error instanceof ScrapeError)) throw error;
    expect(fromWild(error.message, 8_000)).toBe(error.message);
    return true;
  }
}

describe('whatever comes from outside', () => {
  it('3,960 texts: stored as they are once they are well-formed, drawn letter by letter, and no formula in a file', async () => {
    const random = chance(1);
    const texts = Array.from({ length: 3_960 }, () => fromWild(aWildText(random), 2_000));
    for (let from = 0; from < texts.length; from += 500) {
      const batch = texts.slice(from, from + 500);
      const rows = await db.execute<{ text: string; json: string }>(sql`
        select value #>> '{}' as text, value::text as json from jsonb_array_elements(${JSON.stringify(batch)}::jsonb)`);
      expect(rows.map(({ text }) => text)).toEqual(batch);
      expect(rows.map(({ json }) => JSON.parse(json) as unknown)).toEqual(batch);
    }
    for (const text of texts) {
      expect(storable(text)).toBe(text);
      expect(text.isWellFormed() && !text.includes('\0')).toBe(true);
      const line = { tone: 'bad' as const, name: 'bet9ja', text: oneLine(text) };
      const button = { id: 'v1:retry:1:bet9ja', label: oneLine(text, 60) || 'x', hint: oneLine(text), disabled: false };
      const told = message('bad', oneLine(text) || 'x', { lines: [line], quote: oneLine(text), buttons: [button] });
      expectLiteral(told, false);
      expect(redact(text).length).toBeLessThan(text.length * 2 + 10);
      // A spreadsheet strips the quotes, and must not find a formula behind them.
      expect(csvLine([text]).slice(0, -2).replace(/^"/, '')).not.toMatch(/^[=+\-@\t\r]/);
    }
  });

  it('40 texts that the page shows: letter by letter, with nothing in it that a browser would do', async () => {
    const random = chance(7);
    const folder = await mkdtemp(join(tmpdir(), 'rescrape-fuzz-'));
    await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
    const texts = Array.from({ length: 40 }, () => oneLine(fromWild(aWildText(random), 1_000)).trim() || 'x');
    await db.execute(sql`
      insert into notes (text, actor, starts_at, ends_at)
      select value #>> '{}', '{"surface":"slack","id":"U0EVE","name":"Eve"}', ${now.toISOString()}::timestamptz,
             ${now.toISOString()}::timestamptz + interval '1 hour' from jsonb_array_elements(${JSON.stringify(texts)}::jsonb)`);
    const { pages } = await readBuilt(await buildPages(url, folder, now));
    for (const { html, $ } of pages) {
      expect($('script, iframe, object, embed, [style]').length).toBe(0);
      expect(html).not.toMatch(/<[^>]*\s(?:on\w+|href="\s*javascript:)/i);
    }
    const shown =
      pages
        .find(({ path }) => path === '/')
        ?.$('body')
        .text()
        .replace(/\s+/g, ' ') ?? '';
    for (const text of texts) expect(shown).toContain(text.replace(/\s+/g, ' '));
  });

  it.each([
    ['sportybet', 'sportybet/event.90000001.json', sportybet],
    ['bet9ja', 'bet9ja/GetEvent.800000001.json', bet9ja],
    ['betpawa', 'betpawa/event.v4.40000001.json', betpawa],
  ] as const)(
    '1,000 answers of %s with some of it changed: an event that can be stored, or a failure',
    async (_, fixture, parse) => {
      const random = chance(2);
      const answer = readFixture(fixture);
      let readable = 0;
      const records: EventOdds[] = [];
      for (let count = 0; count < 1_000; count += 1) {
        const text = JSON.stringify(mutated(answer, random));
        const cut = random() < 0.1 ? text.slice(0, Math.floor(random() * text.length)) : text;
        const isRefused = refused(() => {
          const read = parse(readJson(cut), now);
          if (read.kind !== 'event') return;
          for (const { price } of read.event.prices) expect(Number.isFinite(price) && price > 1).toBe(true);
          records.push({ ...read.event, eventId: String(count) });
        });
        if (!isRefused) readable += 1;
      }
      expect({}).not.toHaveProperty('polluted');
      // What a platform hands over can be stored.
      for (let from = 0; from < records.length; from += 100) {
        await db.transaction((tx) => storeRecords(tx, records.slice(from, from + 100)));
      }
      // Most changes are to what nobody reads: a scraper that gives up over each of them would be of no use.
      expect(readable).toBeGreaterThan(200);
      expect(readable).toBeLessThan(1_000);
    },
  );

  it('200 pages with some of it changed or cut: a lot, or a failure', async () => {
    const random = chance(3);
    const page = readFileSync(new URL('../fixtures/bringatrailer/listing.sold.html', import.meta.url), 'utf8');
    for (let count = 0; count < 200; count += 1) {
      const at = () => Math.floor(random() * page.length);
      let html = page;
      for (let changes = 0; changes < 5; changes += 1) {
        const place = at();
        html = html.slice(0, place) + aWildText(random) + html.slice(place + Math.floor(random() * 200));
      }
      if (random() < 0.2) html = html.slice(0, at());
      try {
        const read = await parseHtml({ html, extractor: listingPage });
        const { title, price } = listingRecord(read, {
          url: 'https://bringatrailer.com/listing/x/',
          listed: { soldText: null, currentBid: null, currency: null, noReserve: null, endsAt: null },
          now,
        });
        expect(typeof title).toBe('string');
        expect(price === null || Number.isSafeInteger(price)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(ScrapeError);
      }
    }
  });

  it('1,000 headers and bodies: a text, a time to wait, or a failure', async () => {
    const random = chance(4);
    for (let count = 0; count < 1_000; count += 1) {
      const wild = aWildText(random, 80);
      const until = retryAfter(wild, now.getTime());
      expect(until).toBeGreaterThanOrEqual(now.getTime());
      expect(until).toBeLessThanOrEqual(now.getTime() + 3_600_000);
      const body = Buffer.from(aWildText(random), pick(random, ['utf8', 'latin1', 'utf16le']));
      refused(() => expect(decodeText(body, wild).isWellFormed()).toBe(true));
      const headers = { 'retry-after': wild, 'content-type': wild, 'cf-mitigated': wild };
      const status = 100 + Math.floor(random() * 500);
      expect(statusFailure({ status, headers, body }, now.getTime()) ?? null).toSatisfy(
        (failure) => failure === null || failure instanceof ScrapeError,
      );
      await decompress(body, pick(random, ['gzip', 'br', 'deflate', 'zstd', wild, 'gzip, gzip']), 10_000).catch(
        (error: unknown) => expect(error).toBeInstanceOf(ScrapeError),
      );
    }
  });

  it('1,000 ids of buttons: one of ours, letter by letter, or nothing', () => {
    const random = chance(5);
    const ours = ['v1:retry:1:bet9ja', 'v1:choose:1', 'v1:mute:12:bet9ja', 'v1:try:3:bet9ja', 'v1:cancel:4'];
    for (let count = 0; count < 1_000; count += 1) {
      const from = pick(random, ours);
      const place = Math.floor(random() * from.length);
      const id =
        random() < 0.5 ? aWildText(random, 120) : from.slice(0, place) + aWildText(random, 6) + from.slice(place + 1);
      const action = decodeAction(id);
      if (action !== null) expect(encodeAction(action)).toBe(id);
    }
  });

  it('800 lines, presses and forms of somebody who wishes us ill: answered in words that both services take', async () => {
    const random = chance(6);
    const verbs = [
      'now',
      'retry',
      'retry 1',
      'accept 1',
      'missing',
      'export 1',
      'history',
      'mute',
      'note',
      'cancel',
      '',
    ];
    for (let count = 0; count < 800; count += 1) {
      const wild = aWildText(random);
      const asked: Asked[] = [
        { kind: 'words', text: `${pick(random, verbs)} ${wild}` },
        { kind: 'press', action: wild, on: { kind: 'private' } },
        { kind: 'submit', action: 'v1:choose:1', chosen: [wild], text: wild, on: { kind: 'private' } },
      ];
      const actor = { surface: 'slack', id: 'U0EVE', name: wild };
      const place = { team: wild, channel: wild, groups: [wild], unknownGroups: [wild], stranger: false };
      const reply = await answerRequest({ ...anIntent(), actor, place, asked: pick(random, asked) }, services);
      if (reply.kind === 'form') drawForm(reply.form);
      else expectLiteral(reply.message, false);
    }
  });
});
