/** How a post carries its name in Slack: in its metadata, to be found again, and in the ids of its blocks. */
import { createHash } from 'node:crypto';
import type { PostName } from '#bot/chat/surface.ts';
import type { MessageMetadata } from '@slack/types';

/** The metadata's type of every post. */
export const POST_EVENT = 'rescrape_post';

/** Metadata that says which post of which installation a message is. */
export function postMetadata(name: PostName, installation: string): MessageMetadata {
  return { event_type: POST_EVENT, event_payload: { installation, run: name.runId, slot: name.slot } };
}

/** True when a message's metadata names this post of this installation. */
export function isPost(metadata: unknown, name: PostName, installation: string): boolean {
  const read = metadata as { event_type?: unknown; event_payload?: Record<string, unknown> } | null | undefined;
  const payload = read?.event_payload;
  return (
    read?.event_type === POST_EVENT &&
    payload?.['installation'] === installation &&
    payload['run'] === name.runId &&
    payload['slot'] === name.slot
  );
}

/** The beginning of a post's block ids. Slack wants new ones whenever a message changes, so they end in its content's hash. */
export function blockIds(name: PostName, content: string): string {
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 8);
  return `${postBlocks(name)}${hash}`;
}

/** What the ids of all blocks of a post begin with, whatever it says. */
export function postBlocks(name: PostName): string {
  return `run:${name.runId}:${name.slot.slice(0, 100)}:`;
}

/** The run a block belongs to, by its id; null for blocks that are no post's. */
export function runOfBlock(id: string): number | null {
  const run = /^run:([1-9]\d{0,8}):/.exec(id)?.[1];
  return run === undefined ? null : Number(run);
}
