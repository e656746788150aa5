import { expect, test } from 'vitest';
import { connectionFailure, isChallenge, statusFailure } from '#scraper/classify.ts';

const coded = (code: unknown) => Object.assign(new Error('http://user:PASSWORD@host/?key=SECRET'), { code });

test.each([
  ['ENOTFOUND', false, 'unreachable', 'its name is not known (DNS) (ENOTFOUND)'],
  ['ETIMEDOUT', false, 'unreachable', 'the connection timed out (ETIMEDOUT)'],
  ['CERT_HAS_EXPIRED', false, 'unreachable', 'its certificate is not trusted (CERT_HAS_EXPIRED)'],
  ['EPROTO', false, 'unreachable', 'the connection failed (EPROTO)'],
  ['HPE_INVALID_CONSTANT', false, 'unreachable', 'the connection failed (HPE_INVALID_CONSTANT)'],
  ['ECONNRESET', true, 'truncated', 'the answer broke off (ECONNRESET)'],
  ['ERR_INVALID_CHAR', false, 'internal', 'the request could not be built (ERR_INVALID_CHAR)'],
  ['a code? SECRET', false, 'unreachable', 'the connection failed (no code)'],
  [{ code: 1 }, false, 'unreachable', 'the connection failed (no code)'],
] as const)('a connection error %j is told by its code alone', (code, answered, kind, detail) => {
  const failure = connectionFailure(coded(code), answered);
  expect([failure.kind, failure.message]).toEqual([kind, detail]);
  expect(failure.cause).toBeUndefined();
});

test.each([
  [connectionFailure(coded('ENOTFOUND'), false), 'connection'],
  [connectionFailure(coded('ECONNRESET'), true), 'connection'],
  [connectionFailure(coded('ERR_PROXY_407'), false), 'proxy'],
  [connectionFailure(coded('SELF_SIGNED_CERT_IN_CHAIN'), false), 'certificate'],
  [connectionFailure(coded('ERR_NOT_PUBLIC'), false), null],
  [connectionFailure(coded('ERR_INVALID_CHAR'), false), null],
  [statusFailure({ status: 503, headers: {}, body: Buffer.of() }, 0), 'status 503'],
  [statusFailure({ status: 403, headers: {}, body: Buffer.of() }, 0), 'blocked'],
  [statusFailure({ status: 202, headers: {}, body: Buffer.of() }, 0), 'blocked'],
  [statusFailure({ status: 404, headers: {}, body: Buffer.of() }, 0), null],
  [statusFailure({ status: 429, headers: {}, body: Buffer.of() }, 0), null],
])('what may break several sites at once has a word for it, what is a site’s own has none: %s', (failure, word) => {
  expect(failure?.fingerprint).toBe(word);
});

test('what is thrown without being an error is a failed connection', () => {
  expect(connectionFailure('SECRET', false).message).toBe('the connection failed (no code)');
});

test.each([
  'Just a moment...',
  'Attention Required! | Cloudflare',
  'Access Denied',
  'Pardon Our Interruption',
  'Are you a robot?',
])('a bot wall is known by its title: %s', (title) => {
  expect(isChallenge(`<!doctype html><html><head>\n<title lang="en">${title}</title>`)).toBe(true);
});

test('a page is no bot wall for its text, nor for a title far below', () => {
  expect(isChallenge('<title>1972 Porsche 911</title><p>captcha, access denied</p>')).toBe(false);
  expect(isChallenge(`${' '.repeat(5000)}<title>Just a moment...</title>`)).toBe(false);
  expect(isChallenge('{"title":"Just a moment..."}')).toBe(false);
});
