/**
 * Files in threads: Slack takes them in three steps (an address, the bytes, the sharing) and answers without naming the
 * message they stand in. That message is never edited; it is found again by its file's name, or by its blocks.
 */
import type { Message } from '#bot/chat/message.ts';
import { DeliveryError, type PostName } from '#bot/chat/surface.ts';
import type { WebClient } from '@slack/web-api';
import type { KnownBlock } from '@slack/types';
import { postBlocks } from './post-name.ts';

/** A message with its file, and where they go. */
export interface Share {
  channel: string;
  thread: string;
  message: Message & { file: NonNullable<Message['file']> };
  blocks: KnownBlock[];
  bytes: Uint8Array;
  /** Longest wait for the upload, milliseconds. */
  timeoutMs: number;
}

/** Uploads and shares a file; answers its id. Throws the library's errors, and {@link DeliveryError} for the bytes' own way. */
export async function shareFile(client: WebClient, share: Share): Promise<string> {
  const { channel, thread, message, blocks, bytes, timeoutMs } = share;
  const filename = message.file.name;
  const { upload_url: address, file_id: id } = await client.files.getUploadURLExternal({
    filename,
    length: bytes.byteLength,
  });
  if (address === undefined || id === undefined) {
    throw new DeliveryError('later', 'Slack gave no address for a file.');
  }
  await putBytes(address, bytes, timeoutMs);
  await client.files.completeUploadExternal({
    files: [{ id, title: filename }],
    channel_id: channel,
    thread_ts: thread,
    blocks,
  });
  return id;
}

async function putBytes(address: string, bytes: Uint8Array, timeoutMs: number): Promise<void> {
  try {
    const answer = await fetch(address, {
      method: 'POST',
      body: new Uint8Array(bytes),
      headers: { 'content-type': 'application/octet-stream' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    await answer.body?.cancel();
    if (answer.ok) return;
  } catch {
    // Told below: what a network says of itself helps nobody in a channel.
  }
  throw new DeliveryError('later', 'Slack did not take the bytes of a file.');
}

/** Whether a message carries this post's file: by the number in the slot, which is in the file's name as well. */
export function carriesFile(
  message: { files?: { name?: string | null }[]; blocks?: { block_id?: string }[] },
  name: PostName,
): boolean {
  const id = /^file:([1-9]\d*)$/.exec(name.slot)?.[1];
  if (id === undefined) return false;
  const named = (message.files ?? []).some((file) => (file.name ?? '').endsWith(`-${id}.csv`));
  return named || (message.blocks ?? []).some((block) => block.block_id?.startsWith(postBlocks(name)) === true);
}
