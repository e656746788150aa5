import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { HtmlValidate } from 'html-validate';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHttpServer, type HttpServer } from '#bot/http-server.ts';
import { scratchDatabase, testDatabase } from '../helpers/database.ts';
import { noBrowser, openBrowser } from '../helpers/browser.ts';
import { buildPages } from './build-pages.ts';
import { readBuilt } from './built-pages.ts';
import { marks } from './marks.ts';
import { runSql } from './run-sql.ts';
import { scratchFolder } from './scratch-folder.ts';
import { hostile, story } from './story.ts';

const { url, database } = await testDatabase({ breaks: { all: 'a history told by hand' } });
const folder = await scratchFolder();
const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const longWord = 'x'.repeat(10_000);

/** What we look at of what axe answers. */
interface AxeResults {
  violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
}

/** One of each kind, in each of its moods. */
const kinds = [
  '/',
  '/runs/',
  '/runs/1-100/',
  '/runs/2024-11/',
  '/runs/1/',
  '/runs/2/',
  '/runs/4/',
  '/runs/7/',
  '/platforms/sportybet/',
  '/platforms/betpawa/',
  '/failures/',
  '/nowhere/',
];

describe.skipIf(noBrowser)('in a browser', () => {
  let browser: Browser;
  let server: HttpServer;
  let empty: HttpServer;

  beforeAll(async () => {
    await runSql(database, story);
    await runSql(database, marks);
    await runSql(
      database,
      `insert into notes (text, actor, starts_at, ends_at) values
         ($q$${hostile.script} ${hostile.attribute}$q$, '{"surface":"slack","id":"u1","name":"Ada Canary"}',
          '2024-11-23 13:50Z', '2024-11-23 18:00Z');
       insert into failures (job_id, attempt, step, kind, headline, detail, retryable, at)
         values (8, 1, 'discover', 'too_large', '${longWord}', 'canary', false, '2024-11-23 13:10:01Z')`,
    );
    await buildPages(url, join(folder, 'story'));
    await using scratch = await scratchDatabase({ breaks: { all: 'a history told by hand' } });
    await buildPages(scratch.url, join(folder, 'empty'), new Date());
    const ready = () => Promise.resolve({ ready: true, checks: {} });
    const log = { warn: () => {} };
    server = await startHttpServer({ port: 0, statusDir: join(folder, 'story'), ready, metrics: async () => '', log });
    empty = await startHttpServer({ port: 0, statusDir: join(folder, 'empty'), ready, metrics: async () => '', log });
    browser = await openBrowser();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await empty?.close();
  });

  /** Looks at a page and closes it; whatever it complains of is an error, refused content first of all. */
  async function see<T>(
    at: string,
    how: { colorScheme?: 'light' | 'dark'; width?: number; bypassCSP?: boolean },
    look: (page: Page) => Promise<T>,
  ): Promise<{ seen: T; complaints: string[] }> {
    const { colorScheme = 'light', width = 1280, bypassCSP = false } = how;
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 }, bypassCSP });
    const complaints: string[] = [];
    const page = await context.newPage();
    page.on('console', (said) => complaints.push(said.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
      complaints.push('a dialog');
      void dialog.dismiss();
    });
    page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
    try {
      await page.goto(at.startsWith('http') ? at : server.url + at);
      return { seen: await look(page), complaints: complaints.filter((text) => !/404 \(Not Found\)/.test(text)) };
    } finally {
      await context.close();
    }
  }

  it.each(kinds)('%s runs no script and breaks no rule of its policy, whatever was typed or scraped', async (path) => {
    const { seen, complaints } = await see(path, {}, async (page) => [
      await page.locator('script').count(),
      await page.locator('style, [style]').count(),
      await page.evaluate<number>('[...document.links].filter((link) => !/^https?:/.test(link.href)).length'),
    ]);
    expect(seen).toEqual([0, 0, 0]);
    expect(complaints).toEqual([]);
  });

  it('shows hostile words as the words they are', async () => {
    const { seen } = await see('/runs/4/', {}, (page) => page.locator('main').innerText());
    for (const text of [hostile.script, hostile.attribute, hostile.link, 'eviltxt.exe', `${'x'.repeat(299)}…`]) {
      expect(seen).toContain(text);
    }
    const front = await see('/', {}, (page) => page.locator('.notes').innerText());
    expect(front.seen).toContain(`${hostile.script} ${hostile.attribute}`);
  });

  it.each(kinds)('%s fits a phone, a tablet and a wide screen', async (path) => {
    const { seen } = await see(path, {}, async (page) => {
      const over: number[] = [];
      for (const width of [360, 768, 1920]) {
        await page.setViewportSize({ width, height: 800 });
        over.push(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth'));
      }
      return over;
    });
    expect(seen.filter((pixels) => pixels > 0)).toEqual([]);
  });

  it.each(kinds)('%s has no fault that axe knows, in the light and in the dark', async (path) => {
    // The checker is itself a script, so for it alone the policy is lifted.
    const { seen } = await see(path, { bypassCSP: true }, async (page) => {
      await page.addScriptTag({ content: axeSource });
      const faults: string[] = [];
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const { violations } = await page.evaluate<AxeResults>('axe.run()');
        faults.push(...violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`));
      }
      return faults;
    });
    expect(seen).toEqual([]);
  });

  it.each(kinds)('%s is there after its styles and its icon are, and nothing in it shifts', async (path) => {
    const { seen } = await see(path, { width: 360, bypassCSP: true }, async (page) => {
      const asked = await page.evaluate<string[]>('performance.getEntriesByType("resource").map(({ name }) => name)');
      const shifted = await page.evaluate<number>(`new Promise((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (sum += value))).observe({ type: 'layout-shift', buffered: true });
        requestAnimationFrame(() => setTimeout(() => resolve(sum), 50));
      })`);
      return {
        asked: asked.filter((name) => !/\/_astro\/[^/]+\.css$|\/icon-\w+\.svg$|\/badge\.svg$/.test(name)),
        shifted,
      };
    });
    expect(seen.asked).toEqual([]);
    expect(seen.shifted).toBeLessThan(0.01);
  });

  it('prints the content without what is only for a screen, and moves nothing', async () => {
    const { seen } = await see('/', { colorScheme: 'dark' }, async (page) => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      return [
        await page.locator('.top nav').isVisible(),
        await page.locator('h1').isVisible(),
        await page.evaluate<string>('getComputedStyle(document.querySelector("h1")).color'),
        await page.evaluate<number>(
          '[...document.querySelectorAll("*")].filter((one) => { const { animationName, transitionDuration } = getComputedStyle(one); return animationName !== "none" || transitionDuration !== "0s"; }).length',
        ),
      ];
    });
    expect(seen).toEqual([false, true, 'rgb(27, 34, 30)', 0]);
  });

  it('has other colours in the dark, and the same words', async () => {
    const look = async (page: Page) => [
      await page.evaluate<string>('getComputedStyle(document.body).backgroundColor'),
      await page.locator('body').innerText(),
    ];
    const [light, dark] = [await see('/', {}, look), await see('/', { colorScheme: 'dark' }, look)];
    expect(light.seen[0]).not.toBe(dark.seen[0]);
    expect(light.seen[1]).toBe(dark.seen[1]);
  });

  it('can be used with the keyboard alone: to the content, to a platform, to a run, along its chain', async () => {
    const { seen } = await see('/', {}, async (page) => {
      await page.keyboard.press('Tab');
      const first = await page.evaluate<string>('document.activeElement.textContent');
      await page.keyboard.press('Enter');
      const reached = [first];
      const tabTo = async (href: RegExp) => {
        for (let presses = 0; presses < 200; presses++) {
          await page.keyboard.press('Tab');
          const at = await page.evaluate<{ href: string; outline: string }>(
            `({ href: document.activeElement.getAttribute('href') ?? '', outline: getComputedStyle(document.activeElement).outlineStyle })`,
          );
          if (!href.test(at.href)) continue;
          expect(at.outline).toBe('solid');
          await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
          reached.push(new URL(page.url()).pathname);
          return;
        }
        throw new Error(`no link like ${href} was reached by pressing Tab`);
      };
      await tabTo(/platforms\/bet9ja\/$/);
      await tabTo(/runs\/1\/$/);
      await tabTo(/runs\/2\/$/);
      return reached;
    });
    expect(seen).toEqual(['Skip to the content', '/platforms/bet9ja/', '/runs/1/', '/runs/2/']);
  });

  it('tells the story of a run that broke and was retried', async () => {
    const front = await see('/', {}, (page) => page.locator('main').innerText());
    expect(front.seen).toContain('betpawa is left alone since 13:51; the others are fine');
    expect(front.seen).toMatch(/bet9ja failed: rate limited/);
    const run = await see('/runs/1/', {}, (page) => page.locator('main').innerText());
    expect(run.seen).toContain('3 of 3 platforms complete after 1 retry');
    expect(run.seen).toContain('Taken up again by run 2.');
  });

  it('explains itself when there is nothing to show', async () => {
    const front = await see(`${empty.url}/`, {}, (page) => page.locator('main').innerText());
    expect(front.seen).toContain('No run yet: type /scrape now');
    const failures = await see(`${empty.url}/failures/`, {}, (page) => page.locator('main').innerText());
    expect(failures.seen).toContain('Nobody has retried anything in the last 90 days.');
  });
});

describe('the HTML', () => {
  it('is valid on every page', async () => {
    const validator = new HtmlValidate({
      extends: ['html-validate:standard', 'html-validate:a11y'],
      // Tables that are laid out as blocks on phones would lose their roles.
      rules: { 'no-redundant-role': 'off' },
    });
    await runSql(database, noBrowser ? story : 'select 1');
    const { pages } = await readBuilt(await buildPages(url, join(folder, 'valid')));
    const faults: string[] = [];
    for (const { path, html } of pages) {
      const report = await validator.validateString(html);
      for (const { messages } of report.results) {
        faults.push(...messages.map(({ ruleId, message, line }) => `${path}:${line} ${ruleId}: ${message}`));
      }
    }
    expect([...new Set(faults)]).toEqual([]);
  });
});
