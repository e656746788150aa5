import { expect, test } from 'vitest';
import { redact } from '#scraper/redact.ts';

test.each([
  ['https://ada:hunter2@host.example/x', 'https://…@host.example/x'],
  ['"nonce":"5f3a9c","vin":"9TMGT3453R1000001"', '"nonce":"…","vin":"9TMGT3453R1000001"'],
  ['<input name=x value=1> ?session_id=abc123&page=2', '<input name=x value=1> ?session_id=…&page=2'],
  ['document.cookie="PHPSESSID=9f8e7d; path=/"', 'document.cookie="PHPSESSID=…; path=/"'],
  ['Authorization: Bearer abcdef0123456789', 'Authorization: Bearer …'],
  ['xoxb-1234-abcd-5678', '…'],
  ['"x":"eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"', '"x":"…"'],
])('secrets of a session are not kept: %s', (text, clean) => {
  expect(redact(text)).toBe(clean);
});

test('prices, names and numbers of a page stay as they are', () => {
  const page = '<strong>USD $33,000</strong> token ring, basic trim, secret garden, Chassis: WP0ZZZ93ZLS000001';
  expect(redact(page)).toBe(page);
});

test.each(['a://', '"token":"', 'eyJaaaaaaaa.', 'token=', 'bearer aaaaaaaa'])(
  'a hostile text of nothing but %s comes to an end',
  (piece) => {
    expect(redact(piece.repeat(2_000_000 / piece.length)).length).toBeGreaterThan(0);
  },
);
