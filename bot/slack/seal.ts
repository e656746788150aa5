/**
 * Marks on what we hand to Slack and get back later: private answers and forms. Another bot that runs with the same Slack
 * app gets presses meant for this one and the other way round, and what comes back decides rights: so it has to prove
 * that it was made here, for this person and this channel.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Where a modal was opened from: it knows neither channel nor thread by itself. */
export interface Origin {
  channel: string;
  thread: string | null;
}

/** Whom a modal was shown to, and what its submission does. */
export interface FormOwner {
  user: string;
  /** The callback id. */
  form: string;
}

/** Makes and checks marks. */
export interface Seal {
  /** The beginning of the block ids of an answer that only `user` sees, in `channel`. */
  mark(user: string, channel: string): string;
  /** True for a block of such an answer. */
  isMarked(blockId: string, user: string, channel: string): boolean;
  /** A modal's private metadata. */
  sealOrigin(origin: Origin, owner: FormOwner): string;
  /** Where a modal was opened from; null when it was not opened here, or for somebody else. */
  readOrigin(metadata: string | undefined, owner: FormOwner): Origin | null;
}

const MARK = 'own:';
/** Characters of a mark, 6 bits each. */
const LENGTH = 22;

/** Opens the seal of one installation. `secret` never leaves; with another one, what was shown before is void. */
export function openSeal(secret: string, installation: string): Seal {
  function codeOf(...parts: readonly (string | null)[]): string {
    const text = JSON.stringify(['rescrape', installation, ...parts]);
    return createHmac('sha256', secret).update(text).digest('base64url').slice(0, LENGTH);
  }

  return {
    mark: (user, channel) => `${MARK}${codeOf('answer', user, channel)}`,
    isMarked(blockId, user, channel) {
      const [mark, code] = blockId.split(':');
      return `${mark}:` === MARK && same(code ?? '', codeOf('answer', user, channel));
    },
    sealOrigin({ channel, thread }, { user, form }) {
      return JSON.stringify({ channel, thread, code: codeOf('form', channel, thread, user, form) });
    },
    readOrigin(metadata, { user, form }) {
      const { channel, thread = null, code } = fieldsOf(metadata);
      if (typeof channel !== 'string' || typeof code !== 'string') return null;
      if (thread !== null && typeof thread !== 'string') return null;
      return same(code, codeOf('form', channel, thread, user, form)) ? { channel, thread } : null;
    },
  };
}

function fieldsOf(metadata: string | undefined): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(metadata ?? '');
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function same(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
