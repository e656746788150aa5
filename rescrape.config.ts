import { defineConfig } from '#bot/settings.ts';

/** How this house scrapes. Everything left out has a default; `docs/operations.md` lists them all. */
export default defineConfig({
  // The three books. Auctions move by the day and are asked once a second: name them, `/scrape now bringatrailer`.
  platforms: ['sportybet', 'bet9ja', 'betpawa'],
  parallelPlatforms: 2,
});
