import type { Database } from '#db/client.ts';

/** Runs plain SQL, several statements if need be, on a connection of its own. */
export async function runSql(database: Database, text: string): Promise<void> {
  const link = database.connect();
  try {
    await link.run({ text, deadlineMs: 10_000 });
  } finally {
    await link.end();
  }
}
