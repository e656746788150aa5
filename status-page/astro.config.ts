import { defineConfig, passthroughImageService } from 'astro/config';

export default defineConfig({
  // Built into a program that the publisher asks for one page at a time; what it writes are static files.
  output: 'server',
  trailingSlash: 'always',
  // Styles stay in files of their own: the server's policy allows no others.
  build: { format: 'directory', inlineStylesheets: 'never' },
  image: { service: passthroughImageService() },
  devToolbar: { enabled: false },
  vite: { ssr: { noExternal: true } },
  adapter: {
    name: 'rescrape-publisher',
    hooks: {
      'astro:config:done'({ setAdapter }) {
        setAdapter({
          name: 'rescrape-publisher',
          entrypointResolution: 'auto',
          serverEntrypoint: new URL('./src/render.ts', import.meta.url),
          supportedAstroFeatures: { serverOutput: 'stable' },
        });
      },
    },
  },
});
