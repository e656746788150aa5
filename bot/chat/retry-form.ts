/** The form behind “Choose…”: a box per platform that could be retried, all checked, each with what it will do. */
import type { Chain } from '#bot/runs/run.ts';
import { encodeAction } from './actions.ts';
import { reason } from './failure-words.ts';
import type { Form } from './message.ts';
import type { Telling } from './platform-words.ts';
import { openJobs, retryButton } from './retry-words.ts';

/** Null when nothing is left to choose from. */
export function retryForm(chain: Chain, telling: Telling): Form | null {
  const choices = openJobs(chain).flatMap((job) => {
    const button = retryButton(chain, job, telling);
    if (button === null || button.disabled) return [];
    const failures = job.failures.reduce((sum, failure) => sum + failure.count, 0);
    const count = failures === 1 ? '1 failure' : `${failures} failures`;
    const hint = `${count}: ${reason(job)} · ${button.hint ?? ''}`;
    return [{ value: job.platform, label: button.label, hint, checked: true }];
  });
  if (choices.length === 0) return null;
  return {
    id: encodeAction({ kind: 'choose', run: chain.rootId }),
    title: `Retry run ${chain.rootId}`,
    intro: 'Which platforms should be redone? Each asks only for what is missing.',
    choices,
    text: null,
    submit: 'Retry',
    typed: `Type /scrape retry ${chain.rootId} and the names of those you want.`,
  };
}
