/** Images of lots: which there are, which are downloaded, and what became of the others. */
import type { ImageRecord, ItemResult } from '#scraper/result.ts';
import type { Db } from './client.ts';
import { sql } from './drizzle.ts';

/** Most images of one lot that are listed, as many as are downloaded. */
const mostImages = 50;

/** An image, as `i`, of which nothing more is to come. */
export const isSettledImage = sql.raw(`i.state in ('stored','gone')`);

/**
 * Lists the images of lots. One that is downloaded already, for whichever lot, is not to be downloaded again; one that
 * the page no longer shows is dropped from the list unless its file is there.
 */
export async function storeListedImages(
  tx: Db,
  rows: readonly { platform: string; listing_id: string; image_urls: string[] }[],
): Promise<void> {
  const listed = rows.flatMap(({ platform, listing_id, image_urls }) =>
    image_urls.slice(0, mostImages).map((url, position) => ({ platform, listing_id, url, position })),
  );
  const lots = rows.map(({ platform, listing_id }) => ({ platform, listing_id }));
  await tx.execute(sql`
    with wanted as (
      select l.id as listing, w.url, w.position
      from jsonb_to_recordset(${JSON.stringify(listed)}::jsonb) as w (platform text, listing_id text, url text, position int)
      join listings l using (platform, listing_id)
    ), dropped as (
      delete from listing_images i using listings l
      join jsonb_to_recordset(${JSON.stringify(lots)}::jsonb) as w (platform text, listing_id text) using (platform, listing_id)
      where i.listing = l.id and i.state <> 'stored'
        and not exists (select 1 from wanted w where w.listing = i.listing and w.url = i.url)
    )
    insert into listing_images as n (listing, url, position, state, path, sha256, bytes, type)
    select w.listing, w.url, w.position, coalesce(i.state, 'pending'), i.path, i.sha256, i.bytes, i.type
    from wanted w left join lateral (
      select * from listing_images i where i.url = w.url and i.state = 'stored' limit 1) i on true
    on conflict (listing, url) do update set position = excluded.position, updated_at = now()
    where n.position <> excluded.position`);
}

/** Notes what became of images: by their records where they were downloaded, by their address where they were not. */
export async function noteImages(tx: Db, results: readonly ItemResult[]): Promise<void> {
  const images = results.flatMap((result) => (result.outcome === 'done' ? result.records.filter(isImage) : []));
  const missing = results.flatMap((result) =>
    result.outcome === 'done' ? [] : [{ url: result.key, state: result.outcome, kind: result.failure.kind }],
  );
  if (images.length > 0) {
    await tx.execute(sql`
      update listing_images i set state = 'stored', attempts = i.attempts + 1, last_error = null, path = r.path,
             sha256 = r.sha256, bytes = r.bytes, type = r.type, updated_at = now()
      from jsonb_to_recordset(${JSON.stringify(images)}::jsonb) as r (url text, path text, sha256 text, bytes int, type text)
      where i.url = r.url and i.state <> 'stored'`);
  }
  if (missing.length > 0) {
    await tx.execute(sql`
      update listing_images i set state = r.state, attempts = i.attempts + 1, last_error = r.kind, updated_at = now()
      from jsonb_to_recordset(${JSON.stringify(missing)}::jsonb) as r (url text, state text, kind text)
      where i.url = r.url and i.state <> 'stored'`);
  }
}

function isImage(record: { kind: string }): record is ImageRecord {
  return record.kind === 'image';
}
