import { describe, expect, it } from 'vitest';
import { brokeMuted, decideMute, decideUnmute, loudJobs, muteAt } from '#bot/runs/mute.ts';
import { aBrokenJob, aMute, after, aJob, aPartialRun, aRun, NOON } from '../../helpers/facts.ts';

const known = ['sportybet', 'bet9ja', 'betpawa'];
const asked = { platform: 'bet9ja', until: null, known, holding: null, now: NOON };

describe('a mute', () => {
  it('holds from its beginning until it is ended, or until its time', () => {
    const ended = aMute({ since: after(10), endedAt: after(20) });
    const timed = aMute({ since: after(10), until: after(15), endedAt: after(20) });
    const holds = (mute: typeof ended, second: number) => muteAt([mute], 'bet9ja', after(second)) !== null;
    expect([9, 10, 19, 20].map((second) => holds(ended, second))).toEqual([false, true, true, false]);
    expect([14, 15].map((second) => holds(timed, second))).toEqual([true, false]);
    expect(muteAt([aMute()], 'betpawa', after(30))).toBeNull();
  });

  it('covers what broke while it held, and nothing that broke before', () => {
    const job = aBrokenJob({ finishedAt: after(4) });
    expect(brokeMuted(job, [aMute({ since: after(3) })])).toBe(true);
    expect(brokeMuted(job, [aMute({ since: after(5) })])).toBe(false);
    expect(brokeMuted(aJob({ platform: 'bet9ja' }), [aMute({ since: NOON })])).toBe(false);
  });
});

describe('what people should hear of', () => {
  it('is what broke by itself and was not muted then', () => {
    const names = (run = aPartialRun(), mutes = [aMute({ since: after(60) })]) =>
      loudJobs(run, mutes).map((job) => job.platform);
    expect(names()).toEqual(['bet9ja']);
    expect(names(aPartialRun(), [aMute()])).toEqual([]);
    expect(names(aRun())).toEqual([]);
  });

  it('is not what somebody cancelled, but what was never started for another reason', () => {
    const jobs = [aJob({ status: 'cancelled' }), aBrokenJob()];
    const cancelledBy = { surface: 'slack', id: 'U1', name: 'Ada' };
    const names = (run: Parameters<typeof loudJobs>[0]) => loudJobs(run, []).map((job) => job.platform);
    expect(names(aRun({ jobs, cancelledBy }))).toEqual(['bet9ja']);
    expect(names(aRun({ jobs, status: 'connection_failed' }))).toEqual(['sportybet', 'bet9ja']);
  });
});

describe('deciding to mute', () => {
  it('is begun for a platform that is known and not muted', () => {
    expect(decideMute(asked)).toBeNull();
    expect(decideMute({ ...asked, until: after(60) })).toBeNull();
  });

  it('takes the place of one with another end, and is refused beside the same', () => {
    const holding = aMute({ until: after(600) });
    expect(decideMute({ ...asked, holding })).toBeNull();
    expect(decideMute({ ...asked, holding, until: after(900) })).toBeNull();
    expect(decideMute({ ...asked, holding, until: after(600) })).toEqual({
      kind: 'already_muted',
      platform: 'bet9ja',
      by: 'Ada',
      since: NOON.toISOString(),
      until: after(600).toISOString(),
    });
    expect(decideMute({ ...asked, holding: aMute() })).toMatchObject({ kind: 'already_muted', until: null });
  });

  it('is refused for a platform nobody knows, for a time that has passed, and for longer than anybody remembers', () => {
    expect(decideMute({ ...asked, platform: 'bet9a' })).toMatchObject({ kind: 'unknown_platform', nearest: 'bet9ja' });
    expect(decideMute({ ...asked, until: NOON })).toEqual({ kind: 'too_soon' });
    expect(decideMute({ ...asked, until: after(91 * 86_400) })).toEqual({ kind: 'too_far', days: 90 });
  });

  it('is ended where one holds, even of a platform that is gone', () => {
    expect(decideUnmute({ platform: 'bet9ja', known, holding: aMute() })).toBeNull();
    expect(decideUnmute({ platform: 'gone', known, holding: aMute({ platform: 'gone' }) })).toBeNull();
    expect(decideUnmute({ platform: 'bet9ja', known, holding: null })).toEqual({
      kind: 'not_muted',
      platform: 'bet9ja',
    });
    expect(decideUnmute({ platform: 'x', known, holding: null })).toMatchObject({ kind: 'unknown_platform' });
  });
});
