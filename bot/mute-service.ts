/** Mutes platforms and unmutes them. What is scraped is the same; what breaks is told quietly meanwhile. */
import { findRootId } from '#db/chains.ts';
import type { Database, Db } from '#db/client.ts';
import { databaseNow } from '#db/jobs.ts';
import { endMutes, insertMute, lockMutes, openMutes, rootsTellingOf } from '#db/mutes.ts';
import { announce } from '#db/runs.ts';
import { decideMute, decideUnmute, type MuteRefusal } from '#bot/runs/mute.ts';
import type { Intent, MuteAnswer, MuteRequest, UnmuteAnswer, UnmuteRequest } from '#bot/runs/requests.ts';
import { once, type Handled } from './once.ts';

/** Threads whose posts are brought up to date when a platform is muted or unmuted: the newest ones it broke in. */
const TOLD_ANEW = 20;

/** Makes the service; it holds no state of its own. */
export function createMuteService({ database, known }: { database: Database; known: readonly string[] }) {
  /** Mutes a platform until it works, or until a time if that comes first. */
  async function mute(intent: Intent, { platform, until, run }: MuteRequest): Promise<MuteAnswer> {
    const args = { platform, until: until?.toISOString() ?? null };
    return once(database, intent, 'mute', args, async (tx): Promise<Handled<MuteAnswer>> => {
      const holding = await held(tx, platform);
      const reason = decideMute({ platform, until, known, holding, now: await databaseNow(tx) });
      if (reason !== null) return refused(reason);
      await insertMute(tx, { platform, by: intent.actor, until });
      await tellAnew(tx, platform, run);
      return { answer: { kind: 'muted', ...args }, outcome: 'done', runId: null };
    });
  }

  /** Ends a platform's mute. */
  async function unmute(intent: Intent, { platform, run }: UnmuteRequest): Promise<UnmuteAnswer> {
    return once(database, intent, 'unmute', { platform }, async (tx): Promise<Handled<UnmuteAnswer>> => {
      const holding = await held(tx, platform);
      const reason = decideUnmute({ platform, known, holding });
      if (holding === null || reason !== null) return refused(reason ?? { kind: 'not_muted', platform });
      await endMutes(tx, platform, null);
      await tellAnew(tx, platform, run);
      const { by, since } = holding;
      const answer = { kind: 'unmuted', platform, by: by.name, since: since.toISOString() } as const;
      return { answer, outcome: 'done', runId: null };
    });
  }

  return { mute, unmute };
}

async function held(tx: Db, platform: string) {
  await lockMutes(tx, platform);
  return (await openMutes(tx, platform))[0] ?? null;
}

/** The newest threads the platform broke in, and the one whose button was pressed. */
async function tellAnew(tx: Db, platform: string, run: number | null): Promise<void> {
  const pressed = run === null ? null : await findRootId(tx, run);
  const roots = new Set(await rootsTellingOf(tx, platform, TOLD_ANEW));
  if (pressed !== null) roots.add(pressed);
  for (const rootId of roots) await announce(tx, rootId);
}

function refused(reason: MuteRefusal): Handled<{ kind: 'refused'; reason: MuteRefusal }> {
  return { answer: { kind: 'refused', reason }, outcome: `refused:${reason.kind}`, runId: null };
}
