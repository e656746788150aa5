/** From the bytes of an answer to its text. */
import { wellFormed } from './well-formed.ts';

/** Decodes by the header's charset, else by byte order mark, else as UTF-8, and makes the text well-formed. */
export function decodeText(bytes: Uint8Array, contentType: string): string {
  const named = /charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
  return wellFormed(decoder(named ?? markedCharset(bytes)).decode(bytes));
}

function decoder(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder('utf-8');
  }
}

function markedCharset(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}
