/** The form behind “Choose…”: a box per platform that could be retried, all checked, each with what it will do. */
import type { Chain, JobFacts } from '#bot/runs/run.ts';
import { encodeAction } from './actions.ts';
import { kindWords } from './failure-words.ts';
import type { Form } from './message.ts';
import type { Telling } from './platform-words.ts';
import { openJobs, retryButton } from './retry-words.ts';
import { counted } from './wording.ts';

/** Null when nothing is left to choose from. */
export function retryForm(chain: Chain, telling: Telling): Form | null {
  const choices = openJobs(chain).flatMap((job) => {
    const button = retryButton(chain, job, telling);
    if (button === null || button.disabled) return [];
    const hint = `${failuresOf(job)} · ${button.hint ?? ''}`;
    return [{ value: job.platform, label: button.label, hint, checked: true }];
  });
  if (choices.length === 0) return null;
  return {
    id: encodeAction({ kind: 'choose', run: chain.rootId }),
    title: `Retry run ${chain.rootId}`,
    intro: 'Which platforms should be redone? What each will do stands under it.',
    choices,
    text: null,
    submit: 'Retry',
    typed: `Type /scrape retry ${chain.rootId} and the names of those you want.`,
  };
}

/** `8 failures (blocked)`: in few words, as what it will do has to fit behind it on a line that surfaces cut. */
function failuresOf(job: JobFacts): string {
  if (job.status === 'cancelled') return 'cancelled';
  if (job.status === 'skipped') return `not started (${kindWords(job)})`;
  const failures = job.failures.reduce((sum, failure) => sum + failure.count, 0);
  return `${counted(failures, { one: 'failure', many: 'failures' })} (${kindWords(job)})`;
}
