import { expect, test } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { sql } from '#db/drizzle.ts';
import { explainDatabaseError } from '#db/explain.ts';
import { scratchDatabase } from '../helpers/database.ts';

async function explained(url: string, text = sql`select ${'PARAMETER'}::text`): Promise<string> {
  await using database = openDatabase(url);
  return database.db.execute(text).then(
    () => 'nothing went wrong',
    (error: unknown) => explainDatabaseError(error, url),
  );
}

test('what is wrong with an address is said with what to do, and without password or parameters', async () => {
  await using scratch = await scratchDatabase({ empty: true });
  const wrong = (change: (url: URL) => void): string => {
    const url = new URL(scratch.url);
    change(url);
    return url.href;
  };
  const sentences = [
    await explained(wrong((url) => (url.port = '1'))),
    await explained(wrong((url) => (url.password = 'WRONG'))),
    await explained(wrong((url) => (url.pathname = '/nowhere'))),
    await explained(scratch.url, sql`select ${'PARAMETER'}::int`),
  ];
  expect(sentences[0]).toMatch(/127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\).*DATABASE_URL/);
  expect(sentences[1]).toMatch(/does not let us in \(28P01\).*Correct user and password/);
  expect(sentences[2]).toMatch(/has no database nowhere\. Create it/);
  expect(sentences[3]).toBe('22P02');
  expect(sentences.join(' ')).not.toMatch(/WRONG|PARAMETER|select/);
});
