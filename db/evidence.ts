/** Answers of sites that are kept for a while, where something broke or is missing. */
import type { Evidence } from '#scraper/evidence.ts';
import type { Db } from './client.ts';
import { sql } from './drizzle.ts';

/** How long and how many: whatever is older, or beyond the newest so many of a platform, is deleted. */
export interface EvidenceLimits {
  hours: number;
  perPlatform: number;
}

/** Keeps an answer in place of an older one of the same item. */
export async function keepAnswer(tx: Db, job: { id: number; platform: string }, evidence: Evidence): Promise<void> {
  const { step, itemKey, why, url, body, bytes, at } = evidence;
  await tx.execute(sql`
    insert into kept_answers (job_id, platform, step, item_key, why, url, body, bytes, at)
    values (${job.id}, ${job.platform}, ${step}, ${itemKey ?? ''}, ${why}, ${url},
            decode(${body.toString('base64')}, 'base64'), ${bytes}, ${at}::timestamptz)
    on conflict on constraint kept_answers_identity do update set
      job_id = excluded.job_id, why = excluded.why, url = excluded.url, body = excluded.body, bytes = excluded.bytes,
      at = excluded.at`);
}

/** The gzipped text kept of an item, or null; {@link https://nodejs.org/api/zlib.html | gunzip} gives the text. */
export async function keptAnswer(db: Db, platform: string, step: string, itemKey: string): Promise<Buffer | null> {
  const rows = await db.execute<{ body: string }>(sql`
    select encode(body, 'base64') as body from kept_answers
    where platform = ${platform} and step = ${step} and item_key = ${itemKey}`);
  return rows[0] === undefined ? null : Buffer.from(rows[0].body, 'base64');
}

/** Deletes what is too old or too much; returns how many that were. */
export async function forgetAnswers(db: Db, { hours, perPlatform }: EvidenceLimits): Promise<number> {
  const rows = await db.execute(sql`
    delete from kept_answers k using (
      select id, row_number() over (partition by platform order by at desc, id desc) as place from kept_answers) p
    where p.id = k.id and (p.place > ${perPlatform} or k.at < now() - ${hours} * interval '1 hour') returning k.id`);
  return rows.length;
}
