import { describe, expect, it } from 'vitest';
import { oneLine } from '#bot/chat/escape.ts';

describe('text from a site', () => {
  it('becomes one line, whatever breaks it had', () => {
    expect(oneLine('a\n\n\nb\r\nc\u2028d\u0085e')).toBe('a b c de');
  });

  it('loses what can make it read as something else', () => {
    expect(oneLine('safe\u202egnp.exe\u200b\u0000\u001b[31mred\ufeff')).toBe('safegnp.exe[31mred');
  });

  it('is cut between characters, never inside one', () => {
    expect(oneLine('😀'.repeat(400), 3)).toBe('😀😀…');
    expect(oneLine('a\ud800b')).toBe('a\ufffdb');
  });

  it('is bounded however much of it there is', () => {
    expect(Array.from(oneLine(`${'\n'.repeat(10_000)}${'x'.repeat(5_000_000)}`)).length).toBeLessThanOrEqual(300);
  });
});
