/** Platforms that are left alone, in words: when it begins, what is skipped, and that it is over. */
import type { BreakerFacts, Chain, JobFacts, RunFacts } from '#bot/runs/run.ts';
import { encodeAction } from './actions.ts';
import { message, type Message } from './message.ts';
import type { Telling } from './platform-words.ts';
import { ageWords, timeOrDay } from './wording.ts';

/** Whether a platform was not started because it is left alone. */
export function isLeftAlone(job: JobFacts): boolean {
  return job.status === 'skipped' && job.failureKind === 'left_alone';
}

/** `left alone after 5 failures in a row, until 03:40`: why a platform was not started. */
export function leftAloneWords(job: JobFacts, chain: Pick<Chain, 'breakers'>, telling: Telling): string {
  const term = chain.breakers.findLast((one) => one.platform === job.platform && covers(one, job.finishedAt));
  if (term === undefined) return 'left alone, as it failed again and again';
  const until = term.closedAt === null ? `, until ${timeOrDay(term.nextProbeAt, telling)}` : '';
  return `left alone after ${term.failures} failures in a row${until}`;
}

/** The posts of a run that opened breakers or closed them, by slot. */
export function breakerPosts(run: RunFacts, chain: Chain, telling: Telling): { slot: string; text: Message }[] {
  const opened = chain.breakers.filter((term) => term.openedRun === run.id);
  const closed = chain.breakers.filter((term) => term.closedRun === run.id);
  return [
    ...opened.map((term) => ({ slot: `alone:${term.platform}`, text: openedPost(term, run, telling) })),
    ...closed.map((term) => ({ slot: `again:${term.platform}`, text: closedPost(term) })),
  ];
}

function openedPost(term: BreakerFacts, run: RunFacts, telling: Telling): Message {
  const { platform, failures, failingSince, nextProbeAt, closedAt, closedRun } = term;
  const title = `${platform} failed ${failures} times in a row since ${timeOrDay(failingSince, telling)}`;
  if (closedAt !== null) {
    const when = timeOrDay(closedAt, telling);
    return message('quiet', `${title}, and was left alone until it worked again at ${when} (run ${closedRun})`);
  }
  const { noun } = telling.platform(platform);
  const due = nextProbeAt <= telling.now;
  return message(
    'bad',
    due ? `${title}: the next run tries it` : `${title}: it is left alone until ${timeOrDay(nextProbeAt, telling)}`,
    {
      lines: [
        {
          tone: 'quiet',
          name: '',
          text: `${due ? 'That run' : 'The next run after that'} asks for one ${noun.one} first, and for the rest only if that works.`,
        },
      ],
      buttons: [
        {
          id: encodeAction({ kind: 'try', run: run.id, platform }),
          label: 'Try now',
          hint: `a run of ${platform} alone, one ${noun.one} first`,
          disabled: false,
        },
      ],
    },
  );
}

function closedPost({ platform, openedAt, closedAt, failures }: BreakerFacts): Message {
  const after = ageWords((closedAt?.getTime() ?? 0) - openedAt.getTime());
  return message('good', `${platform} works again, after ${failures} failures and ${after} of being left alone`);
}

function covers({ openedAt, closedAt }: BreakerFacts, at: Date | null): boolean {
  return at !== null && openedAt <= at && (closedAt === null || at <= closedAt);
}
