import { describe, it } from 'vitest';
import { exportAnswer, missingAnswer } from '#bot/chat/file-words.ts';
import type { Message } from '#bot/chat/message.ts';
import { muteAnswer, unmuteAnswer } from '#bot/chat/mute-answers.ts';
import { backNotice, outageNotice } from '#bot/chat/outage-words.ts';
import { refusedPerson, retryAnswer, startAnswer, usageAnswer } from '#bot/chat/answers.ts';
import { schedulesMessage } from '#bot/chat/schedule-words.ts';
import { whoamiAnswer } from '#bot/chat/whoami-words.ts';
import { expectLiteral } from '../../contracts/literal.ts';
import { aTelling, NOON } from '../../helpers/facts.ts';
import { hostile } from '../../helpers/hostile.ts';

const telling = aTelling();
const unknown = (wild: string) => ({ kind: 'unknown_platform' as const, platform: wild, known: [wild], nearest: wild });
const eve = (wild: string) => ({ surface: 'slack', id: wild, name: wild });

/** Answers and notices in which people, items, ids and reasons of others are named. */
const said: [string, (wild: string) => Message][] = [
  ['a platform nobody knows', (wild) => startAnswer({ kind: 'refused', reason: unknown(wild) })],
  [
    'a retry that somebody else makes',
    (wild) =>
      retryAnswer(
        { kind: 'refused', reasons: [{ kind: 'being_retried', platform: 'bet9ja', run: 2, by: wild }, unknown(wild)] },
        telling,
      ),
  ],
  ['a problem with what was typed', (wild) => usageAnswer(`There is no ${wild}`, wild)],
  ['whom to ask', (wild) => refusedPerson('start runs', 'not_allowed', wild)],
  [
    'items that are missing',
    (wild) =>
      missingAnswer({
        kind: 'missing',
        run: 1,
        total: 2,
        items: [
          { platform: 'bet9ja', key: wild, name: wild, failure: 'blocked' },
          { platform: 'bet9ja', key: wild, name: null, failure: null },
        ],
        unlisted: [],
        file: null,
      }),
  ],
  [
    'files that were made',
    (wild) => exportAnswer({ kind: 'made', run: 1, files: [{ name: wild, rows: 5, whole: false }] }),
  ],
  [
    'a mute that holds',
    (wild) =>
      muteAnswer(
        {
          kind: 'refused',
          reason: { kind: 'already_muted', platform: 'bet9ja', by: wild, since: NOON.toISOString(), until: null },
        },
        telling,
      ),
  ],
  [
    'a mute that ended',
    (wild) => unmuteAnswer({ kind: 'unmuted', platform: 'bet9ja', by: wild, since: NOON.toISOString() }, telling),
  ],
  [
    'who somebody is',
    (wild) =>
      whoamiAnswer(
        {
          actor: eve(wild),
          place: { team: wild, channel: wild, groups: [wild, wild], unknownGroups: [wild], stranger: false },
        },
        [{ right: 'run', verdict: { allowed: true, by: wild } }],
        wild,
      ),
  ],
  [
    'a schedule that somebody paused',
    (wild) =>
      schedulesMessage(
        [
          {
            name: wild,
            cron: wild,
            zone: 'UTC',
            platforms: [wild],
            next: NOON,
            slots: [],
            pause: { by: eve(wild), from: NOON, until: null },
          },
        ],
        'UTC',
      ),
  ],
  ['a service that is out of reach', (wild) => outageNotice({ surface: 'slack', channel: wild, home: false }, wild)],
  ['a service that is back', (wild) => backNotice({ surface: 'slack', channel: wild, home: false }, 5_000)],
];

describe('an answer that names what comes from others', () => {
  it.each(said)('is taken by both services and shown letter by letter: %s', (_what, say) => {
    for (const wild of hostile) expectLiteral(say(wild), false);
  });
});
