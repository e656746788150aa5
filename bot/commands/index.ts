/** The one command registry, and the way from a request to its reply. Every surface asks through here. */
import { acceptAnswer, acceptForm } from '#bot/chat/accept-words.ts';
import { staleButton, usageAnswer } from '#bot/chat/answers.ts';
import { decodeAction, type Action } from '#bot/chat/actions.ts';
import { cancelAnswer } from '#bot/chat/cancel-words.ts';
import { oneLine } from '#bot/chat/escape.ts';
import type { Message } from '#bot/chat/message.ts';
import { muteAnswer, unmuteAnswer } from '#bot/chat/mute-answers.ts';
import { retryForm } from '#bot/chat/retry-form.ts';
import { tryAnswer } from '#bot/chat/try-answers.ts';
import type { Asked, Reply, Request, Spot } from '#bot/chat/surface.ts';
import { WHY_LIMIT } from '#bot/runs/accept.ts';
import type { Chain, Person } from '#bot/runs/run.ts';
import { nearest } from '#bot/runs/nearest.ts';
import type { Command, CommandServices } from './command.ts';
export type { CommandServices } from './command.ts';
import { accept } from './accept.ts';
import { backfill, nextBatch } from './backfill.ts';
import { cancel } from './cancel.ts';
import { exportCommand } from './export.ts';
import { refuse, refuseForged } from './guard.ts';
import { helpMessage } from './help.ts';
import { history } from './history.ts';
import { missing } from './missing.ts';
import { mute, unmute } from './mute.ts';
import { note } from './note.ts';
import { now } from './now.ts';
import { answerRetry, retry } from './retry.ts';
import { schedule } from './schedule.ts';
import { stats } from './stats.ts';
import { status } from './status.ts';
import { tryCommand } from './try.ts';
import { whoami } from './whoami.ts';

const help: Command = {
  name: 'help',
  deed: 'look at runs',
  right: 'view',
  usage: 'help',
  summary: 'this list',
  run: async () => helpMessage(commands),
};

/** Every command, in the order help lists them. A new one is its file and a line here. */
export const commands: readonly Command[] = [
  now,
  retry,
  accept,
  cancel,
  tryCommand,
  backfill,
  status,
  missing,
  exportCommand,
  history,
  stats,
  schedule,
  mute,
  unmute,
  note,
  whoami,
  help,
];

/** Which command's right a button needs: it asks for the same. */
const commandOf: Record<Action['kind'], Command> = {
  retry,
  choose: retry,
  accept,
  cancel,
  backfill,
  try: tryCommand,
  mute,
  unmute,
};

/** Longest name of a person that is told, characters. */
const NAME_LIMIT = 80;
/** Longest line that is read at all, characters; more is answered as too long. */
const LINE_LIMIT = 1_000;

/** Answers a request: a typed line, a pressed button or a submitted form. Throws only when the database does. */
export async function answerRequest(given: Request, services: CommandServices): Promise<Reply> {
  const request = { ...given, actor: { ...given.actor, name: visibleName(given.actor) } };
  const { asked } = request;
  switch (asked.kind) {
    case 'words':
      return said(await answerWords(asked.text, request, services));
    case 'press':
      return answerPress(decodeAction(asked.action), asked.on, request, services);
    case 'submit':
      return said(await answerForm(decodeAction(asked.action), asked, request, services));
  }
}

async function answerWords(text: string, request: Request, services: CommandServices): Promise<Message> {
  if (text.length > LINE_LIMIT) return usageAnswer('That line is too long to be a command.', 'Try /scrape help');
  const [name, ...words] = text
    .split(/\s+/u)
    .filter((word) => word !== '')
    .map(storable);
  const command = commands.find((candidate) => candidate.name === (name ?? 'help').toLowerCase());
  if (command === undefined) return unknownCommand(name ?? '');
  const refusal = await refuse(command, words, { name: command.name, args: { words } }, request, services);
  return refusal ?? command.run(words, request, services);
}

async function answerPress(
  action: Action | null,
  on: Spot,
  request: Request,
  services: CommandServices,
): Promise<Reply> {
  if (action === null) return said(staleButton());
  const { run } = action;
  const what = { name: action.kind, args: { ...action } };
  const refusal =
    (await refuse(commandOf[action.kind], [String(run)], what, request, services)) ??
    (await refuseForged(run, on, what, request, services));
  if (refusal !== null) return said(refusal);
  switch (action.kind) {
    case 'choose':
    case 'accept':
      return openForm(action, request, services);
    case 'retry': {
      const platforms = action.platform === null ? [] : [action.platform];
      const pressed = !('lasting' in request.asked);
      return said(await answerRetry({ run, platforms, pressed }, request, services));
    }
    case 'backfill':
      return said(await nextBatch(action, request, services));
    case 'cancel':
      return said(cancelAnswer(await services.cancel(request, run)));
    case 'try':
      return said(tryAnswer(await services.tryNow(request, action.platform), services.telling()));
    case 'mute': {
      const asked = { platform: action.platform, until: null, run };
      return said(muteAnswer(await services.mute(request, asked), services.telling()));
    }
    case 'unmute':
      return said(unmuteAnswer(await services.unmute(request, action), services.telling()));
  }
}

async function openForm(
  action: Extract<Action, { kind: 'choose' | 'accept' }>,
  request: Request,
  services: CommandServices,
): Promise<Reply> {
  const chain = await services.chainOf(action.run);
  if (chain === null) return said(staleButton());
  if ('platform' in action) return acceptForm(chain, action, services.telling());
  const form = retryForm(chain, services.telling());
  return form === null ? said(await whyNone(chain, request, services)) : { kind: 'form', form };
}

/** Nothing is left to choose from: what a retry of all is refused with, which can start nothing here. */
function whyNone({ rootId, runs }: Chain, request: Request, services: CommandServices): Promise<Message> {
  const run = runs.every(({ finishedAt }) => finishedAt !== null) ? Math.max(...runs.map(({ id }) => id)) : rootId;
  return answerRetry({ run, platforms: [], pressed: true }, request, services);
}

async function answerForm(
  action: Action | null,
  { chosen, text, on }: Extract<Asked, { kind: 'submit' }>,
  request: Request,
  services: CommandServices,
): Promise<Message> {
  if (action?.kind !== 'choose' && action?.kind !== 'accept') return staleButton();
  const why = oneLine(text ?? '', WHY_LIMIT);
  const what =
    action.kind === 'accept'
      ? { name: 'accept', args: { ...action, why } }
      : { name: 'retry', args: { ...action, chosen } };
  const { run } = action;
  const refusal =
    (await refuse(commandOf[action.kind], [String(run)], what, request, services)) ??
    (await refuseForged(run, on, what, request, services));
  if (refusal !== null) return refusal;
  if ('platform' in action) {
    const answer = await services.accept(request, { run, platform: action.platform, why, pressed: true });
    return acceptAnswer(answer, services.telling());
  }
  if (chosen.length === 0)
    return usageAnswer('No platform was chosen.', 'Open the form again and choose at least one.');
  const platforms = chosen.map(storable);
  return answerRetry({ run, platforms, pressed: false }, request, services);
}

function unknownCommand(name: string): Message {
  const meant = nearest(
    name,
    commands.map((candidate) => candidate.name),
  );
  const right = meant === null ? 'Try /scrape help' : `Did you mean /scrape ${meant}?`;
  return usageAnswer(`There is no command "${oneLine(name, 32)}".`, right);
}

function said(message: Message): Reply {
  return { kind: 'message', message };
}

/** A name is kept with the action and told to others, so it has to be one that can be kept and read. */
function visibleName({ id, name }: Person): string {
  return oneLine(name, NAME_LIMIT) || id;
}

/** A word is kept with the action and quoted back: without what the database refuses or what makes it read as another. */
function storable(word: string): string {
  return oneLine(word, LINE_LIMIT) || '\ufffd';
}
