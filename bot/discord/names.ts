/** How one of our messages is recognised: by a nonce while it is fresh, by numbers inside it for ever. */
import { createHash } from 'node:crypto';
import { ComponentType, type APIMessage } from 'discord.js';
import type { PostName } from '#bot/chat/surface.ts';

/** Two component ids (31 bits each) that only this post of this installation has. People do not see them. */
export type Mark = readonly [number, number];

/** Longest nonce Discord takes. */
const NONCE_LIMIT = 25;

/**
 * The mark of a post. Discord keeps the ids that components are sent with and gives them back with the message, so a
 * post can be found by reading the channel back, long after its nonce is forgotten.
 */
export function markOf(installation: string, name: PostName): Mark {
  const hash = digest(installation, name.runId, name.slot);
  return [positive(hash.readUInt32BE(0)), positive(hash.readUInt32BE(4))];
}

/** The mark of everything that only one person is shown: no post has the number 0. */
export function ownMarkOf(installation: string): Mark {
  return markOf(installation, { runId: 0, slot: 'own' });
}

/** True when a message has this mark. */
export function bears(message: APIMessage, [outer, inner]: Mark): boolean {
  return (message.components ?? []).some(
    (component) =>
      component.type === ComponentType.Container &&
      component.id === outer &&
      component.components.some((part) => part.id === inner),
  );
}

/** The nonce of a message: Discord makes one message of all that come with the same one within a few minutes. */
export function nonceOf(...parts: readonly (string | number)[]): string {
  return digest(...parts)
    .toString('base64url')
    .slice(0, NONCE_LIMIT);
}

function digest(...parts: readonly (string | number)[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}

function positive(bits: number): number {
  return bits & 0x7fff_ffff || 1;
}
