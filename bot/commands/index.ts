/** The one command registry, and the way from a request to its answer. Every surface asks through here. */
import { retryAnswer, staleButton, usageAnswer } from '#bot/chat/answers.ts';
import { decodeAction } from '#bot/chat/actions.ts';
import { oneLine } from '#bot/chat/escape.ts';
import type { Message } from '#bot/chat/message.ts';
import type { Request } from '#bot/chat/surface.ts';
import { nearest } from '#bot/runs/nearest.ts';
import type { Command, CommandServices } from './command.ts';
export type { CommandServices } from './command.ts';
import { helpMessage } from './help.ts';
import { history } from './history.ts';
import { now } from './now.ts';
import { retry } from './retry.ts';
import { status } from './status.ts';

const help: Command = {
  name: 'help',
  usage: 'help',
  summary: 'this list',
  run: async () => helpMessage(commands),
};

/** Every command, in the order help lists them. A new one is its file and a line here. */
export const commands: readonly Command[] = [now, retry, status, history, help];

/** Longest line that is read at all, characters; more is answered as too long. */
const LINE_LIMIT = 1_000;

/** Answers a request: a typed line or a pressed button. Throws only when the database does. */
export async function answerRequest(request: Request, services: CommandServices): Promise<Message> {
  const intent = { surface: request.surface, id: request.id, actor: request.actor };
  if (request.asked.kind === 'press') {
    const action = decodeAction(request.asked.action);
    if (action === null) return staleButton();
    const platforms = action.platform === null ? [] : [action.platform];
    const answer = await services.retry(intent, { run: action.run, platforms, pressed: true });
    return retryAnswer(answer, services.telling());
  }
  const { text } = request.asked;
  if (text.length > LINE_LIMIT) return usageAnswer('That line is too long to be a command.', 'Try /scrape help');
  const [name, ...words] = text
    .split(/\s+/u)
    .filter((word) => word !== '')
    .map(storable);
  if (name === undefined) return helpMessage(commands);
  const command = commands.find((candidate) => candidate.name === name.toLowerCase());
  if (command !== undefined) return command.run(words, intent, services);
  const meant = nearest(
    name,
    commands.map((candidate) => candidate.name),
  );
  const right = meant === null ? 'Try /scrape help' : `Did you mean /scrape ${meant}?`;
  return usageAnswer(`There is no command "${oneLine(name, 32)}".`, right);
}

/** A word is kept with the action and quoted back: without what the database refuses or what makes it read as another. */
function storable(word: string): string {
  return oneLine(word, LINE_LIMIT) || '\ufffd';
}
