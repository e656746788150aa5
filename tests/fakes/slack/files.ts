/** Files: announced, uploaded to an address of their own, and shared into a thread. */
import { checkBlocks } from './check-blocks.ts';
import type { Answer, Method } from './methods.ts';
import type { State } from './state.ts';

type Json = Record<string, unknown>;

/** The methods around an upload; the bytes go to {@link takeBytes}. */
export const fileMethods: Record<string, Method> = {
  'files.getUploadURLExternal': {
    scope: 'files:write',
    needs: ['filename', 'length'],
    call(args, state) {
      const length = Number(args['length']);
      if (!Number.isSafeInteger(length) || length < 1) return refuse(state, 'invalid_arguments', 'length: 1 or more');
      const id = state.id('F');
      state.files.set(id, { name: String(args['filename']), length, bytes: null, shared: false });
      return { ok: true, file_id: id, upload_url: `${state.origin()}/upload/${id}` };
    },
  },
  'files.completeUploadExternal': { scope: 'files:write', needs: ['files'], call: complete },
};

/** Takes the bytes of an announced file: as many as were announced, once. Answers the HTTP status. */
export function takeBytes(state: State, id: string, bytes: Buffer): number {
  const file = state.files.get(id);
  if (file === undefined || file.bytes !== null) return 404;
  if (bytes.byteLength !== file.length) {
    state.rejected.push(`upload: ${bytes.byteLength} bytes instead of ${file.length}`);
    return 400;
  }
  file.bytes = bytes;
  return 200;
}

function complete(args: Json, state: State): Answer {
  const wanted = args['files'];
  if (!Array.isArray(wanted) || wanted.length < 1) return refuse(state, 'invalid_arguments', 'files: 1 or more');
  const channel = args['channel_id'];
  const known = typeof channel === 'string' ? state.channels.get(channel) : undefined;
  if (known === undefined || known.deleted) return { ok: false, error: 'channel_not_found' };
  if (known.archived) return { ok: false, error: 'is_archived' };
  if (!known.member) return { ok: false, error: 'not_in_channel' };
  const thread = args['thread_ts'];
  const parent = state.messages.find((one) => one.ts === thread && one.channel === channel);
  if (parent === undefined || parent.deleted) return { ok: false, error: 'thread_not_found' };
  const files = (wanted as Json[]).map(({ id }) => ({ id: String(id), file: state.files.get(String(id)) }));
  if (files.some(({ file }) => file?.bytes === null || file === undefined || file.shared)) {
    return refuse(state, 'file_not_found', 'a file was not uploaded, or is shared already');
  }
  if (args['initial_comment'] !== undefined && args['blocks'] !== undefined) {
    return refuse(state, 'invalid_arguments', 'blocks are ignored beside an initial_comment');
  }
  const blocks = (args['blocks'] ?? []) as Json[];
  const checked = checkBlocks(blocks, 'message');
  if (checked.faults.length > 0) return refuse(state, 'invalid_blocks', checked.faults.join('; '));
  for (const { file } of files) if (file !== undefined) file.shared = true;
  state.messages.push({
    channel: String(channel),
    ts: state.ts(),
    thread: String(thread),
    user: state.bot.user,
    text: '',
    blocks,
    metadata: null,
    files: files.map(({ id, file }) => ({ id, name: file?.name ?? '' })),
    seen: checked.texts.join('\n'),
    effects: checked.effects,
    edits: 0,
    deleted: false,
    broadcast: false,
    hiddenLooks: state.hiddenLooks,
  });
  // Slack does not say which message a file now stands in.
  return { ok: true, files: files.map(({ id, file }) => ({ id, title: file?.name })) };
}

function refuse(state: State, error: string, why: string): Answer {
  state.rejected.push(`files: ${error}; ${why}`);
  return { ok: false, error };
}
