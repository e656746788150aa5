import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: [
    './db/schema.ts',
    './db/evidence-schema.ts',
    './db/listing-schema.ts',
    './db/work-schema.ts',
    './db/talk-schema.ts',
    './db/mute-schema.ts',
    './db/breaker-schema.ts',
    './db/common-cause-schema.ts',
    './db/link-schema.ts',
    './db/lock-schema.ts',
    './db/record-schema.ts',
    './db/acceptance-schema.ts',
    './db/rollup-schema.ts',
    './db/schedule-schema.ts',
    './db/file-schema.ts',
    './db/note-schema.ts',
  ],
  out: './db/migrations',
});
