/** `npm run db:migrate`: brings the database to the schema of this version. */
import { readEnvironment } from './environment.ts';
import { explainDatabaseError } from './explain.ts';
import { locateDatabase } from './locate.ts';
import { stderrLog } from './log.ts';
import { migrate } from './migrate.ts';

let databaseUrl: string | undefined;
try {
  const env = readEnvironment(process.env);
  databaseUrl = env['DATABASE_URL'];
  const located = await locateDatabase({ databaseUrl, dataDir: env['DATA_DIR'] || '.data', log: stderrLog });
  try {
    await migrate(located.url, { log: stderrLog });
  } finally {
    await located.release();
  }
  process.stderr.write('The database has the schema of this version.\n');
} catch (error) {
  process.stderr.write(`The database was not migrated. ${explainDatabaseError(error, databaseUrl)}\n`);
  process.exitCode = 1;
}
