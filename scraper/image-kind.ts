/** What kind of image a file is, by its first bytes: names and content types are only what somebody says. */

/** A kind of image: its type, and the ending its files get. */
export interface ImageKind {
  type: 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp' | 'image/avif' | 'image/heic';
  extension: 'jpg' | 'png' | 'gif' | 'webp' | 'avif' | 'heic';
}

const kinds: readonly (ImageKind & { at: number; signatures: readonly string[] })[] = [
  { type: 'image/jpeg', extension: 'jpg', at: 0, signatures: ['\xff\xd8\xff'] },
  { type: 'image/png', extension: 'png', at: 0, signatures: ['\x89PNG\r\n\x1a\n'] },
  { type: 'image/gif', extension: 'gif', at: 0, signatures: ['GIF87a', 'GIF89a'] },
  { type: 'image/webp', extension: 'webp', at: 8, signatures: ['WEBPVP8 ', 'WEBPVP8L', 'WEBPVP8X'] },
  { type: 'image/avif', extension: 'avif', at: 4, signatures: ['ftypavif', 'ftypavis'] },
  { type: 'image/heic', extension: 'heic', at: 4, signatures: ['ftypheic', 'ftypheix', 'ftypmif1'] },
];

/** The kind of an image, or null for what is none that we know. */
export function imageKind(bytes: Buffer): ImageKind | null {
  const head = bytes.toString('latin1', 0, 16);
  const found = kinds.find(({ at, signatures }) => signatures.some((signature) => head.startsWith(signature, at)));
  return found ? { type: found.type, extension: found.extension } : null;
}
