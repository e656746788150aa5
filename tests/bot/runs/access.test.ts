import { describe, expect, it } from 'vitest';
import { decideAccess, type Asker, type SurfaceAccess } from '#bot/runs/access.ts';

const access: SurfaceAccess = { team: 'T1', channels: ['C1', 'C3'], rules: {}, ask: null };
const ada: Asker = { user: 'U1', team: 'T1', channel: 'C1', groups: [], stranger: false };

function may(
  right: Parameters<typeof decideAccess>[0],
  asker: Partial<Asker> = {},
  rules: SurfaceAccess['rules'] = {},
) {
  return decideAccess(right, { ...ada, ...asker }, { ...access, rules }).allowed;
}

describe('who may', () => {
  it('by default look, retry and run in every channel that runs are told in, and nobody elsewhere', () => {
    for (const right of ['view', 'retry', 'run'] as const) {
      expect(may(right)).toBe(true);
      expect(may(right, { channel: 'C3' })).toBe(true);
      expect(may(right, { channel: 'C2' })).toBe(false);
    }
  });

  it('by default do nothing that touches the work of others', () => {
    expect(may('admin')).toBe(false);
    expect(may('admin', {}, { admin: ['user:U1'] })).toBe(true);
  });

  it('be named as a person, a group or a channel; a rule replaces the default', () => {
    const rules = { run: ['user:U9', 'group:S1', 'channel:C7'] };
    expect(may('run', {}, rules)).toBe(false);
    expect(may('run', { user: 'U9', channel: 'C5' }, rules)).toBe(true);
    expect(may('run', { groups: ['S1'], channel: 'C5' }, rules)).toBe(true);
    expect(may('run', { channel: 'C7' }, rules)).toBe(true);
  });

  it('not be let in by a group that could not be looked up, and hear that it was that', () => {
    const rules = { run: ['group:S1', 'group:S2'], retry: ['group:S3'] };
    const asker = { ...ada, unknownGroups: ['S1'] };
    expect(decideAccess('run', asker, { ...access, rules })).toEqual({ allowed: false, reason: 'group_unknown' });
    expect(decideAccess('retry', asker, { ...access, rules })).toEqual({ allowed: false, reason: 'not_allowed' });
    expect(decideAccess('run', { ...asker, groups: ['S2'] }, { ...access, rules })).toEqual({
      allowed: true,
      by: 'group:S2',
    });
  });

  it('hear by which rule: the first that names them', () => {
    expect(decideAccess('run', ada, access)).toEqual({ allowed: true, by: 'channel:C1' });
    const rules = { run: ['user:U9', 'user:U1', 'channel:C1'] };
    expect(decideAccess('run', ada, { ...access, rules })).toEqual({ allowed: true, by: 'user:U1' });
  });

  it('never be a stranger or come from another team, whatever the rules say', () => {
    const rules = { run: ['user:U1', 'channel:C1'] };
    expect(may('run', { stranger: true }, rules)).toBe(false);
    expect(may('run', { team: 'T2' }, rules)).toBe(false);
  });
});
