/** Files in a thread, and what is answered to whoever asked for them. */
import type { LookRefusal } from '#bot/runs/choose-jobs.ts';
import type { ExportAnswer, MissingAnswer, MissingItem } from '#bot/runs/requests.ts';
import type { FileFacts } from '#bot/runs/run.ts';
import { oneLine } from './escape.ts';
import { message, type Line, type Message } from './message.ts';
import { unknownPlatform } from './retry-refusals.ts';
import { counted, listed, surfaceName } from './wording.ts';

/** What the rows of a kind of records are called. */
const rowNouns: Partial<Record<string, { one: string; many: string }>> = {
  odds: { one: 'price', many: 'prices' },
  listings: { one: 'listing', many: 'listings' },
};

const itemNoun = { one: 'item', many: 'items' };

/** The post that carries a file. */
export function filePost(runId: number, file: FileFacts): Message {
  const lines: Line[] = file.whole ? [] : [{ tone: 'warning', name: '', text: cutWords(runId, file) }];
  const of = listed(file.platforms);
  const what =
    file.holds === 'missing'
      ? `what is missing of ${of} in run ${runId}: ${counted(file.rows, itemNoun)}`
      : `for what ${of} delivered in run ${runId}: ${rowsOf(file)}`;
  return message('quiet', `${oneLine(file.by.name, 80)}, from ${surfaceName(file.by.surface)}, asked ${what}`, {
    lines,
    file: { id: file.id, name: file.name },
  });
}

/** The answer to `/scrape missing`. */
export function missingAnswer(answer: MissingAnswer): Message {
  if (answer.kind === 'refused') return message('warning', lookRefusal(answer.reason));
  const { run, total, items, unlisted, letGo = [], file } = answer;
  const lines = items.map((item): Line => ({ tone: 'quiet', name: item.platform, text: itemWords(item) }));
  const rest = total - items.length;
  if (file !== null) {
    lines.push({ tone: 'quiet', name: '', text: `and ${rest} more: the whole list is in the thread, as ${file}` });
  }
  if (unlisted.length > 0) {
    const text = `${listed(unlisted)}: the list of what there is was never complete, so more may be missing`;
    lines.push({ tone: 'warning', name: '', text });
  }
  if (letGo.length > 0) {
    const text = `${listed(letGo)}: what was missing is too old, and no longer kept`;
    lines.push({ tone: 'warning', name: '', text });
  }
  if (total === 0) {
    const unsure = unlisted.length + letGo.length > 0;
    const title = unsure ? `Nothing is known to be missing in run ${run}` : `Nothing is missing in run ${run}`;
    return message(unsure ? 'warning' : 'good', title, { lines });
  }
  return message('quiet', `${counted(total, itemNoun)} ${total === 1 ? 'is' : 'are'} missing in run ${run}`, { lines });
}

/** The answer to `/scrape export`. */
export function exportAnswer(answer: ExportAnswer): Message {
  if (answer.kind === 'refused') return message('warning', lookRefusal(answer.reason));
  const { run, files, letGo = [] } = answer;
  if (files.length === 0 && letGo.length > 0) return message('warning', tooOldToExport(run, letGo));
  if (files.length === 0) return message('warning', `Run ${run} delivered nothing that could be put into a file.`);
  const lines = files.map((file): Line => {
    const cut = file.whole ? '' : ', as many as a file here holds';
    return { tone: 'quiet', name: '', text: `${file.name}: ${file.rows.toLocaleString('en-US')} rows${cut}` };
  });
  if (letGo.length > 0) {
    const text = `${listed(letGo)}: what was delivered is too old, and no longer kept`;
    lines.push({ tone: 'warning', name: '', text });
  }
  return message('good', `On its way into the thread of run ${run}`, { lines });
}

/** Why an export of old jobs is empty. */
export function tooOldToExport(run: number, platforms: readonly string[]): string {
  return `Run ${run} is too old to be exported: what ${listed(platforms)} delivered is no longer kept.`;
}

function itemWords({ key, name, failure }: MissingItem): string {
  const what = name === null || name === '' ? oneLine(key, 120) : `${oneLine(name, 120)} (${oneLine(key, 60)})`;
  return `${what} · ${failure === null ? 'not asked for' : failure.replaceAll('_', ' ')}`;
}

function rowsOf(file: FileFacts): string {
  return counted(file.rows, rowNouns[file.holds] ?? { one: 'row', many: 'rows' });
}

function cutWords(runId: number, file: FileFacts): string {
  const all = file.holds === 'missing' ? 'ask for fewer platforms' : `npm run -s export -- --run ${runId}`;
  return `These are the first ${file.rows.toLocaleString('en-US')} rows, as many as a file here holds. All of them: ${all}`;
}

/** Why there is nothing to look at, in one sentence. */
export function lookRefusal(reason: LookRefusal): string {
  switch (reason.kind) {
    case 'no_run':
      return 'There is no run yet: start one with /scrape now.';
    case 'unknown_run':
      return `There is no run ${reason.run}: /scrape history lists the runs there are.`;
    case 'unknown_platform':
      return unknownPlatform(reason);
    case 'not_in_run':
      return `${reason.platform} was not part of run ${reason.run}, which took ${listed(reason.platforms)}.`;
  }
}
