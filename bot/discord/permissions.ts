/** What the bot may do in a channel, computed as Discord does: roles first, then the channel's exceptions. */
import { OverwriteType, PermissionFlagsBits, type APIOverwrite, type APIRole } from 'discord.js';

/** Every right the bot uses, by the name Discord shows. */
export const usedRights: Readonly<Record<string, bigint>> = {
  'View Channel': PermissionFlagsBits.ViewChannel,
  'Send Messages': PermissionFlagsBits.SendMessages,
  'Create Public Threads': PermissionFlagsBits.CreatePublicThreads,
  'Send Messages in Threads': PermissionFlagsBits.SendMessagesInThreads,
  'Attach Files': PermissionFlagsBits.AttachFiles,
  'Read Message History': PermissionFlagsBits.ReadMessageHistory,
};

/** Whose rights, and where. */
export interface RightsInChannel {
  guild: string;
  member: string;
  /** The member's roles, without `@everyone`. */
  memberRoles: readonly string[];
  roles: readonly Pick<APIRole, 'id' | 'permissions'>[];
  overwrites: readonly APIOverwrite[];
}

/** All rights as bits. The owner of a server is not looked at: a bot owns none. */
export function rightsIn({ guild, member, memberRoles, roles, overwrites }: RightsInChannel): bigint {
  let bits = 0n;
  for (const role of roles) if (role.id === guild || memberRoles.includes(role.id)) bits |= BigInt(role.permissions);
  if ((bits & PermissionFlagsBits.Administrator) !== 0n) return ~0n;
  const everyone = overwrites.filter((one) => one.type === OverwriteType.Role && one.id === guild);
  const own = overwrites.filter((one) => one.type === OverwriteType.Role && memberRoles.includes(one.id));
  const personal = overwrites.filter((one) => one.type === OverwriteType.Member && one.id === member);
  for (const level of [everyone, own, personal]) {
    for (const one of level) bits &= ~BigInt(one.deny);
    for (const one of level) bits |= BigInt(one.allow);
  }
  return bits;
}

/** The rights that are used and not there, by name. */
export function missingRights(bits: bigint): string[] {
  return Object.entries(usedRights)
    .filter(([, bit]) => (bits & bit) === 0n)
    .map(([name]) => name);
}
