/** `npm run db:url`: prints the database's address, for psql. The bundled server is started if need be, and keeps running. */
import { readEnvironment } from './environment.ts';
import { explainDatabaseError } from './explain.ts';
import { locateDatabase } from './locate.ts';
import { stderrLog } from './log.ts';

let databaseUrl: string | undefined;
try {
  const env = readEnvironment(process.env);
  databaseUrl = env['DATABASE_URL'];
  const { url } = await locateDatabase({ databaseUrl, dataDir: env['DATA_DIR'] || '.data', log: stderrLog });
  process.stdout.write(`${url}\n`, () => process.exit(0));
} catch (error) {
  process.stderr.write(`There is no database to name. ${explainDatabaseError(error, databaseUrl)}\n`);
  process.exitCode = 1;
}
