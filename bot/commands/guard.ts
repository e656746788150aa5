/** What stands between a request and what it asks for: whether the person may, and whether the button is ours. */
import { refusedPerson, staleButton } from '#bot/chat/answers.ts';
import type { Message } from '#bot/chat/message.ts';
import type { Request, Spot } from '#bot/chat/surface.ts';
import type { Denial } from '#bot/runs/requests.ts';
import type { Command, CommandServices } from './command.ts';

/** What is asked for, as it is written down with a refusal. */
export type What = Omit<Denial, 'reason'>;

/**
 * Null when the person may; otherwise what they are told, after it was written down. What is theirs no rule takes from
 * them, but a stranger's or another team's word counts for nothing.
 */
export async function refuse(
  command: Command,
  words: readonly string[],
  what: What,
  request: Request,
  services: CommandServices,
): Promise<Message | null> {
  const right = typeof command.right === 'function' ? command.right(words) : command.right;
  if (right === null) return null;
  const verdict = services.may(right, request);
  if (verdict.allowed) return null;
  const known = verdict.reason === 'not_allowed' || verdict.reason === 'group_unknown';
  if (known && (await command.isTheirs?.(words, request.actor, services)) === true) return null;
  await services.deny(request, { ...what, reason: verdict.reason });
  return refusedPerson(command.deed, verdict.reason, services.askWhom(request.surface));
}

/** Null when the button stands where we put it: on a message of this run, or in an answer only its asker sees. */
export async function refuseForged(
  run: number,
  on: Spot,
  what: What,
  request: Request,
  services: CommandServices,
): Promise<Message | null> {
  if (on.kind === 'private') return null;
  if (on.kind === 'post' && (await services.tellsOf(request.surface, on.ref, run))) return null;
  await services.deny(request, { ...what, reason: 'forged' });
  return staleButton();
}
