/** Delivers what belongs to no run, in the order it was said, each thing once. */
import type { Database } from '#db/client.ts';
import { databaseNow } from '#db/jobs.ts';
import { buryNotice, claimNotice, noteNotice, openNotices, type OpenNotice } from '#db/notices.ts';
import type { Outlet } from '#db/posts.ts';
import { message, type Message } from '#bot/chat/message.ts';
import { DeliveryError, NO_RUN, type PostRef, type Surface } from '#bot/chat/surface.ts';
import { expectToSpeak } from './deliveries.ts';
import type { Log } from './log.ts';

/** A notice that could not be delivered for so long is no news any more. */
const NEWS_MS = 86_400_000;

/** What delivering notices needs. */
export interface NoticesParts {
  database: Database;
  surface: Surface;
  channel: string;
  mayTell: () => boolean;
  log: Log;
}

/** Delivers everything that waits in one channel. Throws what concerns the whole channel, or us. */
export async function deliverNotices({
  database: { db },
  surface,
  channel,
  mayTell,
  log,
}: NoticesParts): Promise<void> {
  const outlet: Outlet = { surface: surface.name, channel };
  const open = await openNotices(db, outlet);
  if (open.length === 0) return;
  const now = await databaseNow(db);
  for (const notice of open) {
    if (now.getTime() - notice.at.getTime() > NEWS_MS) {
      await buryNotice(db, outlet, notice.name, 'It could not be said for a day.');
      continue;
    }
    try {
      await noteNotice(db, outlet, notice.name, await deliver(notice));
    } catch (error) {
      if (!(error instanceof DeliveryError) || error.kind === 'later') throw error;
      await buryNotice(db, outlet, notice.name, error.message);
      log.warn({ ...outlet, name: notice.name, why: error.message }, 'a notice is given up');
    }
  }

  async function deliver({ name: slot, state, message: stored }: OpenNotice): Promise<PostRef> {
    const name = { runId: NO_RUN, slot, channel };
    const found = state === 'sending' ? await surface.find(name, null) : null;
    if (found !== null) return found;
    await claimNotice(db, outlet, slot);
    expectToSpeak(mayTell);
    // An older version may have written it down, before a message had all the parts it has now.
    const { tone, title, ...rest } = stored as Message;
    return surface.post(name, message(tone, title, rest), null);
  }
}
