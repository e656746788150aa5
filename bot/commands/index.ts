/** The one command registry, and the way from a request to its reply. Every surface asks through here. */
import { acceptAnswer, acceptForm } from '#bot/chat/accept-words.ts';
import { refusedPerson, retryAnswer, staleButton, usageAnswer } from '#bot/chat/answers.ts';
import { decodeAction, type Action } from '#bot/chat/actions.ts';
import { oneLine } from '#bot/chat/escape.ts';
import type { Message } from '#bot/chat/message.ts';
import { retryForm } from '#bot/chat/retry-form.ts';
import type { Asked, Reply, Request, Spot } from '#bot/chat/surface.ts';
import { WHY_LIMIT } from '#bot/runs/accept.ts';
import { nearest } from '#bot/runs/nearest.ts';
import type { Right } from '#bot/runs/access.ts';
import type { Denial, Intent } from '#bot/runs/requests.ts';
import type { Command, CommandServices } from './command.ts';
export type { CommandServices } from './command.ts';
import { accept } from './accept.ts';
import { helpMessage } from './help.ts';
import { history } from './history.ts';
import { now } from './now.ts';
import { retry } from './retry.ts';
import { status } from './status.ts';

const help: Command = {
  name: 'help',
  right: 'view',
  usage: 'help',
  summary: 'this list',
  run: async () => helpMessage(commands),
};

/** Every command, in the order help lists them. A new one is its file and a line here. */
export const commands: readonly Command[] = [now, retry, accept, status, history, help];

/** Longest line that is read at all, characters; more is answered as too long. */
const LINE_LIMIT = 1_000;

/** Answers a request: a typed line, a pressed button or a submitted form. Throws only when the database does. */
export async function answerRequest(request: Request, services: CommandServices): Promise<Reply> {
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
  const refusal = await refuse(command.right, { name: command.name, args: { words } }, request, services);
  return refusal ?? command.run(words, intentOf(request), services);
}

async function answerPress(
  action: Action | null,
  on: Spot,
  request: Request,
  services: CommandServices,
): Promise<Reply> {
  if (action === null) return said(staleButton());
  const what = { name: action.kind, args: { ...action } };
  const refusal =
    (await refuse(rightOf(action), what, request, services)) ??
    (await refuseForged(what, action.run, on, request, services));
  if (refusal !== null) return said(refusal);
  if (action.kind === 'retry') {
    const platforms = action.platform === null ? [] : [action.platform];
    const answer = await services.retry(intentOf(request), { run: action.run, platforms, pressed: true });
    return said(retryAnswer(answer, services.telling()));
  }
  const chain = await services.chainOf(action.run);
  if (chain === null) return said(staleButton());
  if (action.kind === 'accept') return acceptForm(chain, action, services.telling());
  const form = retryForm(chain, services.telling());
  return form === null ? said(staleButton()) : { kind: 'form', form };
}

async function answerForm(
  action: Action | null,
  { chosen, text, on }: Extract<Asked, { kind: 'submit' }>,
  request: Request,
  services: CommandServices,
): Promise<Message> {
  if (action === null || action.kind === 'retry') return staleButton();
  const why = oneLine(text ?? '', WHY_LIMIT);
  const what =
    action.kind === 'accept'
      ? { name: 'accept', args: { ...action, why } }
      : { name: 'retry', args: { ...action, chosen } };
  const refusal =
    (await refuse(rightOf(action), what, request, services)) ??
    (await refuseForged(what, action.run, on, request, services));
  if (refusal !== null) return refusal;
  if (action.kind === 'accept') {
    const { run, platform } = action;
    const answer = await services.accept(intentOf(request), { run, platform, why, pressed: true });
    return acceptAnswer(answer, services.telling());
  }
  if (chosen.length === 0)
    return usageAnswer('No platform was chosen.', 'Open the form again and choose at least one.');
  const platforms = chosen.map(storable);
  const answer = await services.retry(intentOf(request), { run: action.run, platforms, pressed: false });
  return retryAnswer(answer, services.telling());
}

/** To accept is to vouch for data: it takes the right to start runs, not just to repair them. */
function rightOf(action: Action): Right {
  return action.kind === 'accept' ? 'run' : 'retry';
}

/** Null when the person may; otherwise what they are told, after it was written down. */
async function refuse(
  right: Right,
  what: Omit<Denial, 'reason'>,
  request: Request,
  services: CommandServices,
): Promise<Message | null> {
  const verdict = services.may(right, request);
  if (verdict.allowed) return null;
  await services.deny(intentOf(request), { ...what, reason: verdict.reason });
  return refusedPerson(right, verdict.reason, services.askWhom(request.surface));
}

/** Null when the button stands where we put it: on a message of this run, or in an answer only its asker sees. */
async function refuseForged(
  what: Omit<Denial, 'reason'>,
  run: number,
  on: Spot,
  request: Request,
  services: CommandServices,
): Promise<Message | null> {
  if (on.kind === 'private') return null;
  if (on.kind === 'post' && (await services.tellsOf(request.surface, on.ref, run))) return null;
  await services.deny(intentOf(request), { ...what, reason: 'forged' });
  return staleButton();
}

function unknownCommand(name: string): Message {
  const meant = nearest(
    name,
    commands.map((candidate) => candidate.name),
  );
  const right = meant === null ? 'Try /scrape help' : `Did you mean /scrape ${meant}?`;
  return usageAnswer(`There is no command "${oneLine(name, 32)}".`, right);
}

function intentOf(request: Request): Intent {
  return { surface: request.surface, id: request.id, actor: request.actor, until: request.until };
}

function said(message: Message): Reply {
  return { kind: 'message', message };
}

/** A word is kept with the action and quoted back: without what the database refuses or what makes it read as another. */
function storable(word: string): string {
  return oneLine(word, LINE_LIMIT) || '\ufffd';
}
