import { describe, expect, it } from 'vitest';
import { ACTION_ID_LIMIT, decodeAction, encodeAction } from '#bot/chat/actions.ts';

describe('what a button carries', () => {
  it('reads back as it was written, also with the longest names and numbers', () => {
    for (const platform of ['bet9ja', `a${'-'.repeat(31)}`, null]) {
      const action = { kind: 'retry' as const, run: 999_999_999, platform };
      const id = encodeAction(action);
      expect(id.length).toBeLessThanOrEqual(ACTION_ID_LIMIT);
      expect(decodeAction(id)).toEqual(action);
    }
  });

  it('names the run and the platform that a form accepts', () => {
    const action = { kind: 'accept' as const, run: 42, platform: 'bet9ja' };
    expect(encodeAction(action)).toBe('v1:accept:42:bet9ja');
    expect(decodeAction('v1:accept:42:bet9ja')).toEqual(action);
  });

  it('names what is cancelled, muted, unmuted and backfilled', () => {
    const ids = [
      'v1:backfill:42:bringatrailer',
      'v1:cancel:42',
      'v1:mute:42:bet9ja',
      'v1:unmute:42:bet9ja',
      'v1:choose:42',
    ];
    for (const id of ids) {
      const action = decodeAction(id);
      if (action === null) throw new Error(`${id} is not read`);
      expect(encodeAction(action)).toBe(id);
    }
  });

  it('is refused, not thrown at, when it was not written by us', () => {
    const forged = [
      '',
      'v1',
      'v2:retry:1:bet9ja',
      'v1:retry:0',
      'v1:retry:-1',
      'v1:retry:1e9',
      'v1:retry:1:../etc',
      'v1:retry:1:BET',
      'v1:drop:1',
      'v1:cancel:1:bet9ja',
      'v1:mute:bet9ja',
      'v1:mute:1',
      'v1:backfill:1',
      'v1:constructor:1',
      'v1:accept:1',
      'v1:accept:1:BET',
      'v1:retry:9999999999',
      "v1:retry:1:a';drop",
      'v1:retry:1:bet9ja:x',
      'x'.repeat(5_000_000),
    ];
    for (const id of forged) expect(decodeAction(id)).toBeNull();
  });
});
