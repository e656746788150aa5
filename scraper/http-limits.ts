/** How much and how long requests to one site may be. */
import type { RequestLimits } from './request.ts';

/** The limits of requests to one site; {@link defaultLimits} are meant for real sites. */
export interface HttpLimits extends RequestLimits {
  /** Size of the body after decompression, bytes. */
  decodedBytes: number;
  /** Redirects followed for one ask. */
  redirects: number;
  /** Quick further tries after `unreachable` and `truncated`. */
  retries: number;
  /** The first such try comes after a random part of this, the next after a random part of twice this, milliseconds. */
  retryBaseMs: number;
  /** A site that wants to be left alone for longer than this gets `rate_limited` at once instead of waiting, milliseconds. */
  longestWaitMs: number;
}

/** Generous for the sites we know: their largest answer is about a megabyte and comes within two seconds. */
export const defaultLimits: HttpLimits = {
  firstByteMs: 10_000,
  totalMs: 20_000,
  wireBytes: 5_000_000,
  decodedBytes: 20_000_000,
  redirects: 5,
  retries: 2,
  retryBaseMs: 250,
  longestWaitMs: 60_000,
};
