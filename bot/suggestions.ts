/** What is offered while somebody types a retry: runs that have something to retry, and their failed platforms. */
import { findRootId, readChain, readLatestChains } from '#db/chains.ts';
import type { Db } from '#db/client.ts';
import type { Telling } from '#bot/chat/platform-words.ts';
import { openJobs, retryButton } from '#bot/chat/retry-words.ts';
import type { Suggestion } from '#bot/chat/surface.ts';
import type { Chain } from '#bot/runs/run.ts';

/** As many as a surface shows at once. */
const MOST = 25;

/** Suggests runs or platforms whose text begins with what is typed so far. */
export async function suggest(
  db: Db,
  telling: Telling,
  asked: { field: 'run' | 'platform'; typed: string; run: number | null },
): Promise<Suggestion[]> {
  const typed = asked.typed.trim().toLowerCase();
  const found = asked.field === 'run' ? await runs(db, telling) : await platforms(db, telling, asked.run);
  return found.filter(({ value }) => value.startsWith(typed)).slice(0, MOST);
}

async function runs(db: Db, telling: Telling): Promise<Suggestion[]> {
  const chains = await readLatestChains(db, MOST);
  return chains.flatMap((chain) => {
    const failed = retriable(chain, telling);
    if (failed.length === 0) return [];
    return [{ value: String(chain.rootId), label: `run ${chain.rootId}: ${failed.join(', ')}`.slice(0, 100) }];
  });
}

async function platforms(db: Db, telling: Telling, run: number | null): Promise<Suggestion[]> {
  const rootId = run === null ? null : await findRootId(db, run);
  const chain = rootId === null ? (await readLatestChains(db, 1))[0] : await readChain(db, rootId);
  return chain ? retriable(chain, telling).map((platform) => ({ value: platform, label: platform })) : [];
}

function retriable(chain: Chain, telling: Telling): string[] {
  return openJobs(chain)
    .filter((job) => retryButton(chain, job, telling)?.disabled === false)
    .map((job) => job.platform);
}
