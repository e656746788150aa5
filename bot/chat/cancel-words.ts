/** Cancelling in words: the button on a card, the answer, and what is said in the thread afterwards. */
import { samePerson, type CancelRefusal } from '#bot/runs/cancel.ts';
import type { CancelAnswer } from '#bot/runs/requests.ts';
import { itemsKept, type Chain, type JobFacts, type RunFacts, type RunStatus } from '#bot/runs/run.ts';
import { encodeAction } from './actions.ts';
import { message, type Button, type Line, type Message } from './message.ts';
import { amounts } from './job-lines.ts';
import { starterOf } from './mention.ts';
import type { Telling } from './platform-words.ts';
import { retryButton } from './retry-words.ts';
import { listed, personAndPlace } from './wording.ts';

/** Stands on the card of a run for as long as it works. */
export function cancelButton(run: RunFacts): Button[] {
  if (run.finishedAt !== null) return [];
  const hint = 'what is stored stays, and the rest can be retried';
  return [{ id: encodeAction({ kind: 'cancel', run: run.id }), label: 'Cancel', hint, disabled: false }];
}

/** Said in the thread when a run was cancelled: how far each platform had come, with what can be retried. */
export function cancelledPost(chain: Chain, run: RunFacts, telling: Telling): Message | null {
  const by = run.cancelledBy;
  const jobs = run.jobs.filter((job) => job.status === 'cancelled');
  if (by === null || jobs.length === 0) return null;
  const starter = starterOf(run, telling);
  return message('quiet', `Run ${run.id} was cancelled by ${personAndPlace(by)}`, {
    mention: starter !== null && !samePerson(starter, by) ? starter : null,
    lines: jobs.map((job) => cancelledLine(job, telling)),
    buttons: jobs.flatMap((job) => retryButton(chain, job, telling) ?? []),
  });
}

/** The answer to cancelling. */
export function cancelAnswer(answer: CancelAnswer): Message {
  if (answer.kind === 'refused') return message('warning', `Nothing was cancelled. ${cancelRefusal(answer.reason)}`);
  const { run, stopped, notBegun } = answer;
  const how = [
    ...(stopped.length === 0 ? [] : [`${listed(stopped)} ${stopped.length === 1 ? 'was' : 'were'} stopped`]),
    ...(notBegun.length === 0 ? [] : [`${listed(notBegun)} had not begun`]),
  ];
  return message('good', `Run ${run} is cancelled: ${how.join(', ')}.`, {
    lines: [{ tone: 'quiet', name: '', text: 'What is stored stays, and the rest can be retried from its thread.' }],
  });
}

function cancelRefusal(reason: CancelRefusal): string {
  switch (reason.kind) {
    case 'unknown_run':
      return `There is no run ${reason.run}: /scrape history lists the runs there are.`;
    case 'already_ended': {
      const how = reason.by === null ? endings[reason.status] : `was cancelled by ${reason.by}`;
      const other = reason.working === null ? '' : ` Its retry still works: /scrape cancel ${reason.working}`;
      return `Run ${reason.run} has ended already: it ${how}.${other}`;
    }
  }
}

const endings: Record<RunStatus, string> = {
  pending: 'was about to start',
  running: 'was running',
  completed: 'is complete',
  partial: 'is partly done',
  failed: 'failed',
  connection_failed: 'lost its connection',
  cancelled: 'was cancelled',
};

function cancelledLine(job: JobFacts, telling: Telling): Line {
  return { tone: 'quiet', name: job.platform, text: storedWords(job, telling) };
}

function storedWords(job: JobFacts, telling: Telling): string {
  if (itemsKept(job) > 0) return `${amounts(job, telling)} stored`;
  return job.startedAt === null ? 'had not begun' : 'nothing stored yet';
}
