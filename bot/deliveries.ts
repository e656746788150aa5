/** What stands in one channel, compared with what should: the difference is posted or edited, each thing once. */
import { createHash } from 'node:crypto';
import type { Database } from '#db/client.ts';
import { buryPost, claimPost, forgetPosts, notePost, readPosts, type Outlet, type PostRow } from '#db/posts.ts';
import type { Chain } from '#db/run-facts.ts';
import type { DesiredPost, Message } from '#bot/chat/message.ts';
import { DeliveryError, type PostRef, type Surface } from '#bot/chat/surface.ts';
import type { Log } from './log.ts';

/** A run that ended longer ago, and of which nothing was ever told here, is history, not news. */
const NEWS_MS = 86_400_000;
/** From this age on, whatever a message says while its run goes on counts as mere progress: services limit its edits. */
const OLD_MS = 3_600_000;
/** A post that was deleted more often is not made again. */
const PATIENCE = 3;
/** The reply that tells how a run ended whose card can no longer be changed. */
const END = 'end';
/** What is remembered of the last edits is for calm only, and is forgotten when it is this much. */
const MEMORY_LIMIT = 1_000;

/** What delivering is made of. */
export interface DeliveriesParts {
  database: Database;
  surface: Surface;
  channel: string;
  mayTell: () => boolean;
  log: Log;
  /** Called with why a delivery failed, and with null after one that went well. */
  onOutcome: (error: DeliveryError | null) => void;
}

/** A post as it stands, as far as it is known. */
type Known = Omit<PostRow, 'runId' | 'slot'>;

/** Makes the deliveries of one channel. */
export function createDeliveries({ database: { db }, surface, channel, mayTell, log, onOutcome }: DeliveriesParts) {
  const outlet: Outlet = { surface: surface.name, channel };
  /** When each post was last touched, and what it said beside its progress. */
  const touched = new Map<string, { at: number; gist: string }>();

  /**
   * Brings a chain up to date. Null when that is done, else after how long the rest is due, milliseconds. Throws what
   * concerns the whole channel, or us.
   */
  async function bring(chain: Chain, desired: readonly DesiredPost[], now: Date): Promise<number | null> {
    const ids = chain.runs.map((run) => run.id);
    const rows = await readPosts(db, outlet, ids);
    if (rows.length === 0 && isHistory(chain, now)) return null;
    const known = new Map<string, Known>(rows.map((row) => [nameOf(row), row]));
    const rest: number[] = [];
    for (const post of withEnds(desired, known)) {
      const contentHash = hashOf(post.message);
      const row = known.get(nameOf(post));
      if (row?.contentHash === contentHash || row?.state === 'dead') continue;
      const card = post.threadOf === null ? null : (known.get(`${post.threadOf}/card`)?.ref ?? undefined);
      // Without its card a reply has no place: it is told once the card stands.
      if (card === undefined) continue;
      const calm = calmFor(post, row, now);
      if (calm > 0) {
        rest.push(calm);
        continue;
      }
      try {
        const announced = post.announce === true && mayAnnounce(post, rows);
        const ref = await deliver(post, row, card, announced);
        await notePost(db, outlet, { runId: post.runId, slot: post.slot, ref, contentHash });
        known.set(nameOf(post), { ...unknown, postedAt: now, ...row, ref, contentHash, state: 'posted' });
        remember(post);
        onOutcome(null);
      } catch (error) {
        if (!(error instanceof DeliveryError)) throw error;
        onOutcome(error);
        if (error.kind === 'later' && !error.onlyThis) throw error;
        if (error.kind === 'later') rest.push(error.retryAfterMs);
        if (error.kind === 'gone') {
          // Somebody deleted it. A card takes its thread with it; all of it is told anew.
          const cardIsGone = post.threadOf === null || row?.ref == null;
          const lost = known.get(cardIsGone ? `${chain.rootId}/card` : nameOf(post))?.lost ?? 0;
          if (lost < PATIENCE) {
            await forgetPosts(db, outlet, cardIsGone ? rows : [post]);
            return 0;
          }
        }
        if (error.kind !== 'later') {
          await buryPost(db, outlet, post, error.message);
          known.set(nameOf(post), { ...unknown, ...row, state: 'dead' });
          log.warn({ ...outlet, runId: post.runId, slot: post.slot, why: error.message }, 'a post is given up');
          if (isStuck(post, known)) rest.push(0);
        }
      }
    }
    return rest.length === 0 ? null : Math.min(...rest);
  }

  async function deliver(
    post: DesiredPost,
    row: Known | undefined,
    thread: PostRef | null,
    announced: boolean,
  ): Promise<PostRef> {
    const name = { runId: post.runId, slot: post.slot, channel };
    // A row without a reference: a process died between sending and noting. Look before sending again.
    const found = row?.ref ?? (row?.state === 'sending' ? await surface.find(name, thread) : null);
    expectToSpeak(mayTell);
    if (found !== null) {
      await surface.edit(name, found, post.message);
      return found;
    }
    await claimPost(db, outlet, { ...name, announced });
    expectToSpeak(mayTell);
    // Who was pinged once is not pinged again by a thread that is told anew.
    const message = (row?.lost ?? 0) > 0 ? { ...post.message, mention: null } : post.message;
    return surface.post(name, message, thread, announced);
  }

  /** How long an edit that tells of progress only has to wait, milliseconds. */
  function calmFor(post: DesiredPost, row: Known | undefined, now: Date): number {
    const last = touched.get(nameOf(post));
    if (row?.ref == null || last === undefined || post.message.tone !== 'running') return 0;
    const age = row.postedAt === null ? 0 : now.getTime() - row.postedAt.getTime();
    if (age < OLD_MS && last.gist !== gistOf(post.message)) return 0;
    return Math.max(0, last.at + (surface.progressGap?.(age) ?? 0) - performance.now());
  }

  function remember(post: DesiredPost): void {
    if (touched.size >= MEMORY_LIMIT) touched.clear();
    touched.set(nameOf(post), { at: performance.now(), gist: gistOf(post.message) });
  }

  return { bring };
}

/** A process that slept for a while wakes up in the middle of something: what it was about to say, another one has said. */
export function expectToSpeak(mayTell: () => boolean): void {
  if (!mayTell())
    throw new DeliveryError('later', 'This process has not been heard of for a while: another one may speak.');
}

/** A card that stands but can no longer be changed has its end told below it. */
function withEnds(desired: readonly DesiredPost[], known: ReadonlyMap<string, Known>): DesiredPost[] {
  const stuck = desired.filter((post) => isStuck(post, known));
  return [...desired, ...stuck.map((post) => ({ ...post, slot: END, threadOf: post.threadOf ?? post.runId }))];
}

function isStuck(post: DesiredPost, known: ReadonlyMap<string, Known>): boolean {
  const row = known.get(nameOf(post));
  const stands = post.slot === 'card' && row?.state === 'dead' && row.ref !== null;
  return stands && post.message.tone !== 'running' && row.contentHash !== hashOf(post.message);
}

const unknown: Known = { ref: null, contentHash: null, state: 'sending', announced: false, lost: 0, postedAt: null };

/** Once per run, even when what was announced is gone. A post that never arrived is not counted against itself. */
function mayAnnounce(post: DesiredPost, rows: readonly PostRow[]): boolean {
  return !rows.some(
    (row) => row.announced && row.runId === post.runId && (row.slot !== post.slot || row.state !== 'sending'),
  );
}

function isHistory(chain: Chain, now: Date): boolean {
  return chain.runs.every((run) => run.finishedAt !== null && now.getTime() - run.finishedAt.getTime() > NEWS_MS);
}

function nameOf(post: { runId: number; slot: string }): string {
  return `${post.runId}/${post.slot}`;
}

function gistOf({ tone, title, buttons, quote }: Message): string {
  return JSON.stringify([tone, title, buttons, quote]);
}

function hashOf(message: Message): string {
  return createHash('sha256').update(JSON.stringify(message)).digest('base64url');
}
