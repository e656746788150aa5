import { expect, test } from 'vitest';
import { endOfString, readJson } from '#scraper/read-json.ts';
import { failureOf } from './open-http.ts';

const kindOf = async (text: string) => (await failureOf((async () => readJson(text))())).kind;

test.each(['', ' \n', '{', '{"a":1', '{"a":"x', '{"a":"x\\', '[1,2', '[{"a":"]}"}', '"abc', '{"a":tr'])(
  'JSON that stops in the middle is truncated: %j',
  async (text) => {
    expect(await kindOf(text)).toBe('truncated');
  },
);

test.each(['hello', '{"a":nope}', '{"a":1}}', '[1,2]]', '[}', 'undefined', '{"a":1} trailing'])(
  'a text that is no JSON has drifted: %j',
  async (text) => {
    expect(await kindOf(text)).toBe('drifted');
  },
);

test('every proper prefix of an answer is truncated', async () => {
  const whole = JSON.stringify({ data: [{ name: 'A "quoted" \\ [name]', odds: [1.5, null, true] }], code: 'x' });
  for (let length = 0; length < whole.length; length += 1) {
    expect(await kindOf(whole.slice(0, length)), whole.slice(0, length)).toBe('truncated');
  }
});

test('a string ends at its own quote, however long it is and wherever in it something is escaped', () => {
  for (let before = 0; before < 60; before += 1) {
    for (const inside of ['', '"', '\\', '\\"', '""', '"\\\\"']) {
      const text = JSON.stringify('x'.repeat(before) + inside + 'y'.repeat(before % 7));
      expect(endOfString(`${text},"z"`, 0), text).toBe(text.length - 1);
      expect(endOfString(text.slice(0, -1), 0), text).toBeGreaterThanOrEqual(text.length - 1);
    }
  }
});

test('escapes cannot bring in what the text itself may not hold', () => {
  expect(readJson('{"a":"\\u0000\\ud83d\\u001b\\r\\n\\ud83d\\ude00"}')).toEqual({ a: '\uFFFD\uFFFD\n😀' });
});

test('JSON deeper, longer or of more values than any answer is refused before it is parsed', async () => {
  const nested = (depth: number) => `${'[{"a":'.repeat(depth / 2)}0${'}]'.repeat(depth / 2)}`;
  expect(readJson(nested(200))).toBeInstanceOf(Array);
  for (const text of [nested(202), '['.repeat(5_000_000), `"${'x'.repeat(4_000_000)}"`, `[${'1,'.repeat(120_000)}1]`]) {
    expect(await kindOf(text)).toBe('too_large');
  }
  expect(readJson(`["${'\\"[['.repeat(300)}"]`)).toEqual(['"[['.repeat(300)]);
});
