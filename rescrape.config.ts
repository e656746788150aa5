import { defineConfig } from '#bot/settings.ts';

/** How this house scrapes. Everything left out has a default; `docs/operations.md` lists them all. */
export default defineConfig({
  parallelPlatforms: 2,
});
