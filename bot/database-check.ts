/** What `npm run doctor` asks the database. Nothing is changed in it. */
import { openDatabase } from '#db/client.ts';
import { clockAhead } from '#db/clock.ts';
import { sql } from '#db/drizzle.ts';
import { explainDatabaseError } from '#db/explain.ts';
import { locateDatabase } from '#db/locate.ts';
import type { DatabaseLog } from '#db/log.ts';
import { bad, good, note, type Finding } from '#bot/chat/checkup.ts';
import { clockWords } from '#bot/chat/clock-words.ts';
import { isWrong } from './clock.ts';

const silent: DatabaseLog = { info() {}, warn() {} };
/** How long a notification may take to come back, milliseconds. */
const ECHO_MS = 3_000;
const OLDEST = 15;
const CHANNEL = 'rescrape_doctor';

/** Checks that the database answers, is new enough, and passes notifications on. Never throws. */
export async function* checkDatabase(wanted: { databaseUrl: string | null; dataDir: string }): AsyncGenerator<Finding> {
  try {
    const located = await locateDatabase({ ...wanted, log: silent });
    try {
      await using database = openDatabase(located.url, { max: 2, applicationName: 'rescrape doctor' });
      const [row] = await database.db.execute<{ major: number; tables: boolean }>(sql`
        select current_setting('server_version_num')::int / 10000 as major, to_regclass('runs') is not null as tables`);
      const major = row?.major ?? 0;
      const where = wanted.databaseUrl === null ? `the bundled one in ${wanted.dataDir}` : 'the one of DATABASE_URL';
      if (major < OLDEST) {
        return yield bad(
          `the database is PostgreSQL ${major}`,
          `Upgrade it to ${OLDEST} or newer, or use the bundled one.`,
        );
      }
      yield good(`PostgreSQL ${major} answers, ${where}`);
      if (row?.tables !== true) yield note('its tables are not made yet', 'The first start makes them.');
      const clock = await clockAhead(database.db);
      if (isWrong(clock)) {
        yield note(
          `the clock of this machine is ${clockWords(clock.aheadMs)}`,
          'Set it right, by NTP for example. Runs and schedules go by the database all the same; times in logs do not.',
        );
      }
      const heard = Promise.withResolvers<boolean>();
      await database.listen(CHANNEL, () => heard.resolve(true));
      await database.db.execute(sql`select pg_notify(${CHANNEL}, 'echo')`);
      const late = setTimeout(() => heard.resolve(false), ECHO_MS);
      if (!(await heard.promise)) {
        yield bad(
          'notifications do not come through, so news would be seconds late and two bots could speak at once',
          'Connect directly, or through a pooler in session mode.',
        );
      }
      clearTimeout(late);
    } finally {
      await located.release();
    }
  } catch (error) {
    yield bad('the database cannot be used', explainDatabaseError(error, wanted.databaseUrl ?? undefined));
  }
}
