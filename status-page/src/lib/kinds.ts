/** What a failure's class means, for who reads about many at once. */
import type { FailureKind } from '#db/history.ts';

const meanings: Record<FailureKind, string> = {
  unreachable: 'no proper answer: connection, time-out or server error',
  rate_limited: 'we were asked to slow down',
  blocked: 'we were refused, and stopped asking',
  not_found: 'it is no longer there',
  api_error: 'the site answered with an error of its own',
  drifted: 'the answers have a new shape; the scraper has to learn it',
  truncated: 'the answer was cut short',
  too_large: 'far more was sent than expected',
  empty: 'nothing at all was delivered',
  dropped: 'far less than usual was delivered',
  interrupted: 'a worker was lost; another one took over',
  connection_lost: 'the chat the run belongs to went away',
  cancelled: 'somebody stopped it',
  left_alone: 'not asked, as it had failed again and again',
  internal: 'a fault of ours',
};

/** A few words on the class; nothing on one that an older version did not know. */
export function kindMeaning(kind: FailureKind): string {
  return meanings[kind] ?? '';
}
