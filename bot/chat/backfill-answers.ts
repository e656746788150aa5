/** What is answered to a backfill. */
import type { BackfillAnswer, BackfillRefusal } from '#bot/runs/backfill.ts';
import { whatWords } from './backfill-words.ts';
import { oneLine } from './escape.ts';
import { message, type Message } from './message.ts';
import type { Telling } from './platform-words.ts';
import { unknownPlatform } from './retry-refusals.ts';
import { counted, listed } from './wording.ts';

/** The answer to `/scrape backfill`. */
export function backfillAnswer(answer: BackfillAnswer, telling: Telling): Message {
  if (answer.kind === 'refused') return message('warning', `Nothing was started. ${backfillRefusal(answer.reason)}`);
  const { runId, platform, what, listings, items, more } = answer;
  const words = telling.platform(platform);
  const images = what === 'images' ? ` (${counted(items, { one: 'image', many: 'images' })})` : '';
  const title = `Run ${runId} is on its way: ${whatWords(what)} of ${counted(listings, words.noun)} of ${platform}${images}.`;
  if (more === 0) return message('good', title);
  const { one, many } = words.noun;
  const rest = `${counted(more, { one: `more ${one} is`, many: `more ${many} are` })} left for another batch.`;
  return message('good', title, { lines: [{ tone: 'quiet', name: '', text: rest }] });
}

function backfillRefusal(reason: BackfillRefusal): string {
  switch (reason.kind) {
    case 'unknown_platform':
      return unknownPlatform(reason);
    case 'no_backfills': {
      const { platform, others } = reason;
      const which = others.length === 0 ? '' : `, but ${listed(others)} ${others.length === 1 ? 'has' : 'have'}`;
      return `${platform} has nothing to backfill${which}.`;
    }
    case 'unknown_backfill': {
      const { platform, what, known, nearest } = reason;
      const hint = nearest === null ? '' : ` Did you mean ${nearest}?`;
      const can = `${platform} has ${listed(known)}.`;
      return what === ''
        ? `What is to be backfilled? ${can}`
        : `"${oneLine(what, 32)}" cannot be backfilled.${hint} ${can}`;
    }
    case 'backfill_open':
      return `A backfill of ${reason.platform} is running (run ${reason.run}). Wait for it, or cancel it: /scrape cancel ${reason.run}`;
    case 'nothing_lacks':
      return reason.what === 'images'
        ? `Every image of ${reason.platform} that is listed is stored, or gone from the site.`
        : `No page is kept of a ${reason.platform} listing without its ${whatWords(reason.what)}. A page is kept for some days when something was missing on it.`;
  }
}
