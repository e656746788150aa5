/** A surface that keeps what it is given, as a chat service would: what was delivered stays, whatever happens to us. */
import type { Message } from '#bot/chat/message.ts';
import type { PostName, PostRef, Surface } from '#bot/chat/surface.ts';

export interface Delivered {
  name: string;
  channel: string;
  /** Whether it was shown to the whole channel. */
  announced: boolean;
  thread: PostRef | null;
  /** The titles it has had, oldest first. */
  titles: string[];
  message: Message;
}

export interface RecordingSurface extends Surface {
  delivered: Delivered[];
  /** Called before a post or edit arrives; throw to refuse it. */
  before: (kind: 'post' | 'edit', name: PostName) => void;
  /** Called after a post has arrived, before its reference is given back; throw to lose the answer. */
  after: (name: PostName) => void;
}

export function recordingSurface(name: string): RecordingSurface {
  const surface: RecordingSurface = {
    name,
    home: `home of ${name}`,
    delivered: [],
    state: () => ({ kind: 'up' }),
    before: () => {},
    after: () => {},
    async start() {},
    async post(post, message, thread, announced = false) {
      surface.before('post', post);
      const channel = post.channel ?? surface.home;
      surface.delivered.push({ name: nameOf(post), channel, announced, thread, titles: [message.title], message });
      surface.after(post);
      return { index: surface.delivered.length - 1 };
    },
    async edit(post, ref, message) {
      surface.before('edit', post);
      const delivered = surface.delivered[Number(ref['index'])];
      if (delivered === undefined || delivered.name !== nameOf(post)) throw new Error('there is no such message');
      delivered.titles.push(message.title);
      delivered.message = message;
    },
    async find(post) {
      const index = surface.delivered.findIndex((one) => one.name === nameOf(post) && one.channel === post.channel);
      return index < 0 ? null : { index };
    },
    async stop() {},
  };
  return surface;
}

function nameOf(post: PostName): string {
  return `${post.runId}/${post.slot}`;
}
