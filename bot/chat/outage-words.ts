/** What one surface says of another that is out of reach, and when it is back. */
import { message, type Message } from './message.ts';
import { surfaceName } from './wording.ts';

/** What is out of reach: a whole surface, or one channel of it. `home`: the channel everything is told in. */
export interface Place {
  surface: string;
  channel: string | null;
  home: boolean;
}

/** Said once per outage. `why` says what is wrong and what to do; it never holds a value of a secret. */
export function outageNotice({ surface, channel, home }: Place, why: string): Message {
  const name = surfaceName(surface);
  const title =
    channel === null
      ? `Rescrape is cut off from ${name}`
      : `Rescrape cannot tell runs in ${home ? name : `the channel ${channel} of ${name}`}`;
  return message('bad', title, {
    lines: [
      { tone: 'warning', name: '', text: why },
      { tone: 'quiet', name: '', text: 'Runs go on. What is missed there is told as soon as this is put right.' },
    ],
  });
}

/** Said where the outage was said, when it is over. */
export function backNotice({ surface, channel, home }: Place, afterMs: number): Message {
  const name = surfaceName(surface);
  const after = `after ${roughly(afterMs)}`;
  if (channel === null) return message('good', `${name} is back ${after}`);
  return message('good', `Runs are told in ${home ? name : `the channel ${channel} of ${name}`} again, ${after}`);
}

/** `less than a minute`, `12 min`, `2 h 10 min`, `3 days`: nobody counts the seconds of an outage. */
function roughly(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60)
    return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.round(minutes / 1_440)} days`;
}
