/** From the bytes of an answer to its text. */
import { ScrapeError } from './errors.ts';
import { wellFormed } from './well-formed.ts';

/** Where pages say their charset themselves, bytes: https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding. */
const prescanned = 1024;

/** Bytes of a text: twice the largest known, the list of all running auctions. What is longer holds everything else up. */
const mostBytes = 10_000_000;

/**
 * Decodes by byte order mark, else by the header's charset, else by the page's own word, else as UTF-8, and makes the text
 * well-formed. Throws `drifted` when more than one character in a hundred makes no sense that way: names would be wrong;
 * and `too_large` for more than a text has.
 */
export function decodeText(bytes: Uint8Array, contentType: string): string {
  if (bytes.length > mostBytes) throw new ScrapeError('too_large', `a text of more than ${mostBytes} bytes`);
  const named = /charset\s*=\s*["']?([^\s"';>/]+)/i;
  const charset = markedCharset(bytes) ?? named.exec(contentType)?.[1] ?? named.exec(metaTags(bytes, contentType))?.[1];
  const text = wellFormed(decoder(charset ?? 'utf-8').decode(bytes));
  if (isGarbled(text)) throw new ScrapeError('drifted', `the text is not ${(charset ?? 'utf-8').slice(0, 40)}`);
  return text;
}

function decoder(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder('utf-8');
  }
}

function markedCharset(bytes: Uint8Array): string | undefined {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8' : undefined;
}

/** The `meta` tags at the top of a page: of anything else a word like charset is content. */
function metaTags(bytes: Uint8Array, contentType: string): string {
  if (!/\bx?html\b/i.test(contentType)) return '';
  const top = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, prescanned)).toString('latin1');
  return top.match(/<meta\s[^>]*>/gi)?.join('') ?? '';
}

function isGarbled(text: string): boolean {
  let senseless = 0;
  for (let at = text.indexOf('\uFFFD'); at >= 0; at = text.indexOf('\uFFFD', at + 1)) {
    senseless += 1;
    if (senseless * 100 > text.length) return true;
  }
  return false;
}
