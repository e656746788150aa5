/** How somebody is known on a surface, and what they may do there: for whoever wonders, or writes the rules. */
import type { AccessVerdict, Right } from '#bot/runs/access.ts';
import { message, type Line, type Message } from './message.ts';
import type { Request } from './surface.ts';
import { listed, personAndPlace } from './wording.ts';

/** One right, and whether whoever asks has it here. */
export interface Entitlement {
  right: Right;
  verdict: AccessVerdict;
}

const deeds: Record<Right, string> = {
  view: 'look at runs',
  retry: 'retry what failed',
  run: 'start, cancel and export runs, accept results, mute platforms, pause schedules, write notes',
  admin: 'what touches everything; nothing asks for it yet',
};

/** Everything rights are decided by, and each right with the rule that gives it. Ids are what rules are written with. */
export function whoamiAnswer(
  { actor, place }: Pick<Request, 'actor' | 'place'>,
  rights: readonly Entitlement[],
  ask: string | null,
): Message {
  const missing = rights.some(({ right, verdict }) => right !== 'admin' && !verdict.allowed);
  const whom = ask === null ? 'whoever runs Rescrape' : ask;
  return message('quiet', `You are ${personAndPlace(actor)}`, {
    lines: [
      fact('your id', actor.id),
      ...(actor.surface === 'console' ? [] : [fact('team', place.team), fact('channel', place.channel)]),
      ...(actor.surface === 'console' ? [] : groupLines(place)),
      ...rights.map(rightLine),
    ],
    footer: missing ? `For what you may not: ask ${whom}.` : null,
  });
}

function groupLines({ groups, unknownGroups = [] }: Request['place']): Line[] {
  const known = fact('groups', groups.length === 0 ? 'none that is known' : groups.join(', '));
  if (unknownGroups.length === 0) return [known];
  const text = `${listed(unknownGroups)} could not be looked up just now: rules for ${unknownGroups.length === 1 ? 'it' : 'them'} do not hold until then`;
  return [...(groups.length === 0 ? [] : [known]), { tone: 'warning', name: 'groups', text }];
}

function rightLine({ right, verdict }: Entitlement): Line {
  if (verdict.allowed) return { tone: 'good', name: right, text: `${deeds[right]}: ${ruleWords(verdict.by)}` };
  const tone = verdict.reason === 'group_unknown' ? 'warning' : 'quiet';
  return { tone, name: right, text: `${deeds[right]}: ${refusalWords(verdict.reason)}` };
}

function ruleWords(rule: string | null): string {
  const [kind = '', id] = (rule ?? '').split(':', 2);
  switch (kind) {
    case 'user':
      return 'yes, a rule names you';
    case 'group':
      return `yes, you are in group ${id}`;
    case 'channel':
      return `yes, whoever asks in channel ${id} may`;
    default:
      return 'yes, whoever is at the console may';
  }
}

function refusalWords(reason: Extract<AccessVerdict, { allowed: false }>['reason']): string {
  switch (reason) {
    case 'not_allowed':
      return 'no, no rule names you, a group of yours or this channel';
    case 'group_unknown':
      return 'not now, a group that may could not be looked up';
    case 'stranger':
      return 'no, bots, guests and people of other teams only look on';
    case 'elsewhere':
      return 'no, this Rescrape belongs to another team';
  }
}

function fact(name: string, text: string): Line {
  return { tone: 'quiet', name, text };
}
