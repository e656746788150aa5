/** `npm run db:url`: prints the database's address, for psql. The bundled server is started if need be, and keeps running. */
import { explainDatabaseError } from './explain.ts';
import { locateDatabase } from './locate.ts';
import { stderrLog } from './log.ts';

const databaseUrl = process.env['DATABASE_URL'];
try {
  const { url } = await locateDatabase({ databaseUrl, dataDir: process.env['DATA_DIR'] || '.data', log: stderrLog });
  process.stdout.write(`${url}\n`, () => process.exit(0));
} catch (error) {
  process.stderr.write(`There is no database to name. ${explainDatabaseError(error, databaseUrl)}\n`);
  process.exitCode = 1;
}
