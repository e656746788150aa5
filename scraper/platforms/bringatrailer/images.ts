/** One image: downloaded, looked at, kept as a file under the hash of what is in it. */
import { drifted } from '../../errors.ts';
import { imageKind } from '../../image-kind.ts';
import type { Site } from '../../platform.ts';
import type { ImageRecord, WorkItem } from '../../result.ts';
import { pathOf } from './address.ts';

/** Originals of a camera have up to some 15 MB. */
const mostBytes = 25_000_000;

/** Downloads an image. What it is is told by its first bytes, not by what the site or its name say. */
export async function downloadImage(item: WorkItem, site: Site): Promise<ImageRecord[]> {
  const { bytes } = await site.http.bytes({
    path: pathOf(item.key),
    headers: { accept: 'image/avif,image/webp,image/jpeg,image/png,image/*;q=0.8' },
    maxBytes: mostBytes,
  });
  const kind = imageKind(bytes);
  if (kind === null) throw drifted({ path: 'the file', problem: 'is no image we know' });
  const { sha256, path } = await site.files.keep(bytes, kind.extension);
  return [
    { kind: 'image', platform: 'bringatrailer', url: item.key, sha256, path, bytes: bytes.length, type: kind.type },
  ];
}
