/** What an answer, or the lack of one, means: one table from what sites do to our failure kinds. */
import type { IncomingHttpHeaders } from 'node:http';
import { ScrapeError } from './errors.ts';
import { clockUtc, retryAfter } from './retry-after.ts';

/** Titles of the pages that bot walls put in front of a site (Cloudflare, Akamai, AWS, DataDome, Imperva). */
const challengeTitle =
  /just a moment|attention required|access denied|access to this page|forbidden|captcha|human verification|verify you are|are you (?:a )?(?:human|robot)|pardon our interruption|request blocked|security check/i;

const certificateCode =
  /^(?:CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|ERR_TLS_CERT)/;

const connectionSentences: Record<string, string> = {
  ENOTFOUND: 'its name is not known (DNS)',
  EAI_AGAIN: 'its name could not be looked up (DNS)',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut before an answer',
  EHOSTUNREACH: 'there is no way to its network',
  ENETUNREACH: 'there is no way to its network',
  ETIMEDOUT: 'the connection timed out',
  ERR_NOT_PUBLIC: 'its address is not a public one, so it was not asked',
};

/** The failure a status stands for, or null for a 200. SportyBet's block is a 202 with an empty body, not a 403. */
export function statusFailure(
  { status, headers, body }: { status: number; headers: IncomingHttpHeaders; body: Buffer },
  now: number,
): ScrapeError | null {
  const detail = `status ${status}`;
  if (headers['cf-mitigated'] === 'challenge' || headers['x-amzn-waf-action'] !== undefined) {
    return new ScrapeError('blocked', `${detail}, a bot challenge`);
  }
  if (status === 200) return null;
  if (status === 202 && body.length === 0) return new ScrapeError('blocked', `${detail} with an empty body`);
  if (status === 202 && isHtml(headers)) return new ScrapeError('blocked', `${detail} with an HTML page`);
  if (status === 401 || status === 403) return new ScrapeError('blocked', detail);
  if (status === 404 || status === 410) return new ScrapeError('not_found', detail);
  if (status === 429) {
    const until = retryAfter(headers['retry-after'], now);
    const asks = headers['retry-after'] === undefined ? '' : `, the site asks to wait until ${clockUtc(until)}`;
    return new ScrapeError('rate_limited', `${detail}${asks}`, { until: new Date(until) });
  }
  if (status < 500) return new ScrapeError('api_error', detail);
  return new ScrapeError('unreachable', detail, { fingerprint: `status ${status}` });
}

/** Until when an answer asks everybody to wait (epoch milliseconds), or null. A 429 that does not say so holds nobody else up. */
export function heldUntil({ status, headers }: { status: number; headers: IncomingHttpHeaders }, now: number) {
  const asks = (status === 429 || status >= 500) && headers['retry-after'] !== undefined;
  return asks ? retryAfter(headers['retry-after'], now) : null;
}

/** Why a 200 cannot hold the JSON that is due, or null. HTML there is a wall or the wrong host, never data. */
export function notJson(headers: IncomingHttpHeaders, text: string): ScrapeError | null {
  // BetPawa answers in protobuf when `accept` is not exactly right.
  if (headers['content-type']?.includes('protobuf')) return new ScrapeError('drifted', 'protobuf where JSON is due');
  if (!isHtml(headers) && !/^\s*</.test(text)) return null;
  if (isChallenge(text)) return new ScrapeError('blocked', 'status 200 with a challenge page where JSON is due');
  // BetPawa answers so where a country's host has no sportsbook, Bet9ja where it does not like who asks.
  return new ScrapeError('blocked', 'status 200 with an HTML page where JSON is due: a wall, or not the right host');
}

/** Why a 200 cannot hold the file that is due, or null. Its text is read only when it says that it is HTML. */
export function notBytes(contentType: string, text: () => string): ScrapeError | null {
  if (!isHtml({ 'content-type': contentType })) return null;
  if (isChallenge(text())) return new ScrapeError('blocked', 'status 200 with a challenge page where a file is due');
  return new ScrapeError('drifted', 'status 200 with an HTML page where a file is due');
}

/** Whether a page is a bot wall. Only its title is looked at: comments on an honest page may speak of captchas. */
export function isChallenge(text: string): boolean {
  const title = /<title[^>]*>([^<]*)/i.exec(text.slice(0, 4096))?.[1];
  return title !== undefined && challengeTitle.test(title);
}

/** What a connection error means. Only its code is read: messages of got hold addresses with passwords and queries. */
export function connectionFailure(error: unknown, answered: boolean): ScrapeError {
  const raw = error instanceof Error && 'code' in error ? error.code : undefined;
  const code = typeof raw === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(raw) ? raw : 'no code';
  const proxy = /^ERR_PROXY_(.+)$/.exec(code)?.[1];
  if (proxy !== undefined) return new ScrapeError('unreachable', proxySentence(proxy), { fingerprint: 'proxy' });
  if (code.startsWith('ERR_INVALID_') || code.startsWith('ERR_UNESCAPED_')) {
    return new ScrapeError('internal', `the request could not be built (${code})`);
  }
  if (answered) {
    const how = code.startsWith('HPE_') ? 'the length announced is not the length sent' : 'the answer broke off';
    return new ScrapeError('truncated', `${how} (${code})`, { fingerprint: 'connection' });
  }
  if (certificateCode.test(code)) {
    return new ScrapeError('unreachable', `its certificate is not trusted (${code})`, { fingerprint: 'certificate' });
  }
  const detail = `${connectionSentences[code] ?? 'the connection failed'} (${code})`;
  // An address that may not be asked is that site's own.
  return new ScrapeError('unreachable', detail, code === 'ERR_NOT_PUBLIC' ? {} : { fingerprint: 'connection' });
}

/** Why a proxy did not let us through: the status of its answer, or why there was none. */
function proxySentence(what: string): string {
  if (what === '407') return 'the proxy does not take our user and password (407)';
  if (/^\d+$/.test(what)) return `the proxy did not connect us (status ${what})`;
  return `the proxy: ${connectionSentences[what] ?? 'the connection failed'} (${what})`;
}

function isHtml(headers: IncomingHttpHeaders): boolean {
  return /\bx?html\b/i.test(headers['content-type'] ?? '');
}
