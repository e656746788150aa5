/** Files named by what is in them: the same picture twice is one file, and a half-written one is none. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file as it is kept: the hash of its bytes, and its place below the folder. */
export interface KeptFile {
  sha256: string;
  path: string;
}

/** A folder of files named by their content. */
export interface FileStore {
  /** Keeps bytes; resolves when they are on the disk under their name. Throws what the file system throws. */
  keep(bytes: Buffer, extension: string): Promise<KeptFile>;
}

/** Opens a folder, which is made when the first file comes. Two processes may share it. */
export function createFileStore(folder: string): FileStore {
  return {
    async keep(bytes, extension) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const path = `${sha256.slice(0, 2)}/${sha256}.${extension}`;
      const target = join(folder, path);
      if ((await sizeOf(target)) === bytes.length) return { sha256, path };
      await mkdir(join(folder, sha256.slice(0, 2)), { recursive: true });
      await writeWhole(target, bytes);
      return { sha256, path };
    },
  };
}

/** Under its name it is either not there or whole, whatever ends the process in between. */
async function writeWhole(target: string, bytes: Buffer): Promise<void> {
  const draft = `${target}.${randomUUID()}.part`;
  try {
    const file = await open(draft, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function sizeOf(path: string): Promise<number | null> {
  const found = await stat(path).catch(() => null);
  return found?.size ?? null;
}
