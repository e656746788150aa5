/** A process that migrates: `node migrate-child.ts <url> <folder>`. */
import { migrate } from '#db/migrate.ts';

const [, , url = '', folder = ''] = process.argv;
await migrate(url, { folder });
