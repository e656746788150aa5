import { OverwriteType } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { missingRights, rightsIn, usedRights, type RightsInChannel } from '#bot/discord/permissions.ts';

const all = Object.values(usedRights).reduce((bits, one) => bits | one, 0n);
const send = usedRights['Send Messages'] ?? 0n;
const nothing = { allow: '0', deny: '0' };

function missing(given: Partial<RightsInChannel>): string[] {
  const everyone = { id: 'G', permissions: String(all) };
  return missingRights(
    rightsIn({ guild: 'G', member: 'B', memberRoles: [], roles: [everyone], overwrites: [], ...given }),
  );
}

describe('what the bot may do in a channel', () => {
  it('is what everybody and its own roles may, and other roles do not count', () => {
    expect(missing({})).toEqual([]);
    const roles = [
      { id: 'G', permissions: String(all & ~send) },
      { id: 'R', permissions: String(send) },
    ];
    expect(missing({ roles })).toEqual(['Send Messages']);
    expect(missing({ roles, memberRoles: ['R'] })).toEqual([]);
  });

  it('is changed by exceptions: of everybody, then of its roles, then of itself', () => {
    const everyone = { id: 'G', type: OverwriteType.Role, ...nothing, deny: String(send) };
    const role = { id: 'R', type: OverwriteType.Role, ...nothing, allow: String(send) };
    const self = { id: 'B', type: OverwriteType.Member, ...nothing, deny: String(send) };
    expect(missing({ overwrites: [everyone] })).toEqual(['Send Messages']);
    expect(missing({ overwrites: [role, everyone], memberRoles: ['R'] })).toEqual([]);
    expect(missing({ overwrites: [self, role, everyone], memberRoles: ['R'] })).toEqual(['Send Messages']);
    expect(
      missing({
        overwrites: [
          { ...self, type: OverwriteType.Role },
          { ...role, id: 'X' },
        ],
      }),
    ).toEqual([]);
  });

  it('lets one role allow what another of its roles denies', () => {
    const overwrites = [
      { id: 'R', type: OverwriteType.Role, ...nothing, allow: String(send) },
      { id: 'S', type: OverwriteType.Role, ...nothing, deny: String(send) },
    ];
    expect(missing({ overwrites, memberRoles: ['R', 'S'] })).toEqual([]);
  });

  it('is everything for an administrator, whatever the channel says', () => {
    const roles = [{ id: 'G', permissions: '8' }];
    expect(
      missing({ roles, overwrites: [{ id: 'G', type: OverwriteType.Role, ...nothing, deny: String(all) }] }),
    ).toEqual([]);
  });
});
