import { describe, expect, it } from 'vitest';
import { refusedPerson, retryAnswer } from '#bot/chat/answers.ts';
import type { Message } from '#bot/chat/message.ts';
import { retryForm } from '#bot/chat/retry-form.ts';
import { rootCard } from '#bot/chat/cards.ts';
import { openJobs } from '#bot/chat/retry-words.ts';
import { jobButtons, threadOf, toldIn } from '#bot/chat/thread.ts';
import type { Chain } from '#db/run-facts.ts';
import { golden } from '../../helpers/conversation.ts';
import { drawnInDiscord, drawnInSlack, drawnThread, formInDiscord, formInSlack } from '../../helpers/drawn.ts';
import { aChain, aPartialRun, aRetry, aRun, aTelling } from '../../helpers/facts.ts';
import {
  adaInSlack,
  connectionLost,
  failed,
  muted,
  retriedTwice,
  running,
  sixty,
  twoBroken,
} from '../../helpers/scenes.ts';

const telling = aTelling({
  courtesies: { mentionStarter: true, onSuccess: 'thread' },
  statusUrl: 'https://status.example.com/',
});
const adaInDiscord = { surface: 'discord', id: '77', name: 'Ada' };

const scenes: Record<string, Chain> = {
  running: running(),
  completed: aChain(aRun()),
  partial: aChain(aPartialRun()),
  failed: failed(),
  'connection-lost': connectionLost(),
  retrying: aChain(aPartialRun(), aRetry({ status: 'running', finishedAt: null, itemsDone: 5 })),
  'retried-twice': retriedTwice(),
  muted: muted(),
  sixty: sixty(),
};

/** The same chain, started by somebody in this surface. */
function startedIn(chain: Chain, requestedBy: typeof adaInSlack): Chain {
  const [root, ...others] = chain.runs;
  const { surface } = requestedBy;
  return { ...chain, runs: [{ ...root, trigger: surface, homeSurface: surface, requestedBy }, ...others] };
}

const surfaces = [
  { name: 'slack', ada: adaInSlack, draw: drawnInSlack, drawForm: formInSlack },
  { name: 'discord', ada: adaInDiscord, draw: drawnInDiscord, drawForm: formInDiscord },
] as const;

describe.each(surfaces)('what people see in $name', ({ name, ada, draw, drawForm }) => {
  it.each(Object.keys(scenes))('reads well aloud: %s', async (scene) => {
    const chain = startedIn(scenes[scene] ?? expect.fail('there is no such scene'), ada);
    // Of sixty, only what broke is told one by one.
    const told =
      scene === 'sixty' ? { ...telling, courtesies: { ...telling.courtesies, onSuccess: 'card' as const } } : telling;
    const posts = toldIn({ surface: name, home: true }, threadOf(chain, told));
    await expect(drawnThread(posts, draw)).toMatchFileSnapshot(golden(`${name}/${scene}`));
  });

  it('reads well aloud: what is answered to whoever asked', async () => {
    const part = { platform: 'bet9ja', sourceJobId: 2, retryNumber: 1, fromStep: 'extract', kept: 31, total: 48 };
    const started = {
      kind: 'started' as const,
      runId: 2,
      rootId: 1,
      parts: [{ ...part, listAgeMs: null, keptWithinMs: null }],
      refused: [{ kind: 'not_failed' as const, platform: 'betpawa', run: 1 }],
    };
    const refused = { kind: 'being_retried' as const, platform: 'bet9ja', run: 2, by: 'Grace' };
    const answers: Message[] = [
      retryAnswer(started, telling, 'https://chat.example.com/run/1'),
      retryAnswer({ kind: 'refused', reasons: [refused] }, telling),
      refusedPerson('retry what failed', 'not_allowed', '@scrape-ops'),
      refusedPerson('retry what failed', 'group_unknown', '@scrape-ops'),
      refusedPerson('retry what failed', 'stranger', null),
    ];
    const said = answers.map((answer) => `${draw(answer, false).join('\n')}\n`).join('\n');
    await expect(said).toMatchFileSnapshot(golden(`${name}/refused`));
  });

  it('reads well aloud: fifteen broken platforms at once, with a button for each, as `/scrape status` shows them', async () => {
    const chain = startedIn(sixty(4), ada);
    const buttons = openJobs(chain).flatMap((job) => jobButtons(chain, job, telling));
    const card = rootCard(chain, telling);
    const shown = draw({ ...card, buttons: [...card.buttons, ...buttons] }, false);
    await expect(`${shown.join('\n')}\n`).toMatchFileSnapshot(golden(`${name}/status-of-many`));
  });

  it('reads well aloud: the form behind “Choose…”', async () => {
    const form = retryForm(twoBroken(), telling) ?? expect.fail('there is nothing to choose from');
    await expect(`${drawForm(form).join('\n')}\n`).toMatchFileSnapshot(golden(`${name}/choose`));
  });
});
