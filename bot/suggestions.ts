/** What is offered while somebody types a command: what it can be said of right now. */
import { findRootId, readChain, readLatestChains } from '#db/chains.ts';
import type { Db } from '#db/client.ts';
import { openTerms } from '#db/breakers.ts';
import { openMutes } from '#db/mutes.ts';
import { unfinishedRuns } from '#db/runs.ts';
import { rootCard } from '#bot/chat/cards.ts';
import { muteNote } from '#bot/chat/mute-words.ts';
import type { Telling } from '#bot/chat/platform-words.ts';
import { retriableJobs } from '#bot/chat/retry-words.ts';
import type { Suggestion, Typing } from '#bot/chat/surface.ts';

/** As many as a surface shows at once, and as long as one may be. */
const MOST = 25;
const LONGEST = 100;

/** Suggests runs, platforms or what to backfill, of those whose value begins with what is typed so far. */
export async function suggest(
  db: Db,
  telling: Telling,
  known: readonly string[],
  asked: Typing,
): Promise<Suggestion[]> {
  const typed = asked.typed.trim().toLowerCase();
  const found = await matching(db, telling, known, asked);
  return found.filter(({ value }) => value.startsWith(typed)).slice(0, MOST);
}

function matching(db: Db, telling: Telling, known: readonly string[], asked: Typing): Promise<Suggestion[]> {
  switch (asked.field) {
    case 'run':
      return runs(db, telling, asked);
    case 'platform':
      return platforms(db, telling, known, asked);
    case 'what':
      return Promise.resolve(backfills(telling, known, asked));
  }
}

/** What can be backfilled of the platform named beside it, or of any while none is. */
function backfills(telling: Telling, known: readonly string[], { command, platform }: Typing): Suggestion[] {
  if (command !== 'backfill') return [];
  const of = platform === undefined ? known : known.filter((id) => id === platform);
  return [...new Set(of.flatMap((id) => telling.platform(id).backfills))].map((what) => suggestion(what));
}

async function runs(db: Db, telling: Telling, { command }: Typing): Promise<Suggestion[]> {
  if (command === 'cancel') {
    const open = await unfinishedRuns(db, MOST);
    return open.map(({ id, platforms: named }) => suggestion(String(id), `run ${id}: ${named.join(', ')}`));
  }
  const chains = await readLatestChains(db, MOST);
  return chains.flatMap((chain) => {
    if (command !== 'retry') return [suggestion(String(chain.rootId), rootCard(chain, telling).title)];
    const failed = retriableJobs(chain, telling).map((job) => job.platform);
    if (failed.length === 0) return [];
    return [suggestion(String(chain.rootId), `run ${chain.rootId}: ${failed.join(', ')}`)];
  });
}

async function platforms(
  db: Db,
  telling: Telling,
  known: readonly string[],
  { command, run }: Typing,
): Promise<Suggestion[]> {
  switch (command) {
    case 'retry': {
      const rootId = run === null ? null : await findRootId(db, run);
      const chain = rootId === null ? (await readLatestChains(db, 1))[0] : await readChain(db, rootId);
      return chain ? retriableJobs(chain, telling).map((job) => suggestion(job.platform)) : [];
    }
    case 'try': {
      const terms = await openTerms(db);
      return terms.map((term) => suggestion(term.platform, `${term.platform}: ${term.failures} failures in a row`));
    }
    case 'unmute': {
      const mutes = await openMutes(db, null);
      return mutes.map((mute) => suggestion(mute.platform, `${mute.platform}: ${muteNote(mute, telling)}`));
    }
    case 'backfill':
      return known.filter((id) => telling.platform(id).backfills.length > 0).map((id) => suggestion(id));
    default:
      return known.map((platform) => suggestion(platform));
  }
}

function suggestion(value: string, label = value): Suggestion {
  return { value, label: label.slice(0, LONGEST) };
}
