/** NOTIFY is a hint that can get lost; this makes sure that it comes back and says when to look for what was missed. */
import type { Link } from './link.ts';
import type { DatabaseLog } from './log.ts';
import { nap } from './nap.ts';

/** A running LISTEN. `close` resolves when the connection was told to end. */
export interface Subscription extends AsyncDisposable {
  close(): Promise<void>;
  /** Fires when somebody closed it. */
  readonly closed: AbortSignal;
}

/** How often a lone connection is asked whether it lives, and how long it has for the answer. */
export interface Watch {
  everyMs: number;
  deadlineMs: number;
}

interface Listening {
  open: (onNotify: (channel: string, payload: string) => void) => Link;
  watch: Watch;
  channel: string;
  onPayload: (payload: string) => void;
  onReady: () => void;
  log: Pick<DatabaseLog, 'warn'> | undefined;
}

const waitsMs = [100, 500, 1000, 2000, 5000];

/** Subscribes and stays subscribed: a lost or silent connection is replaced, with growing pauses up to five seconds. */
export async function listenOn(listening: Listening): Promise<Subscription> {
  const { watch, channel, log } = listening;
  const stop = new AbortController();
  let link = await subscribe(listening);
  const running = keepUp();

  async function keepUp(): Promise<void> {
    for (let failures = 0; !stop.signal.aborted;) {
      tell(listening, 'onReady', listening.onReady);
      await untilLost(link, watch, stop.signal);
      while (!stop.signal.aborted) {
        try {
          link = await subscribe(listening);
          failures = 0;
          break;
        } catch {
          if (failures === 0) log?.warn({ channel }, 'not hearing notifications, trying again');
          await nap(waitsMs[Math.min(failures++, waitsMs.length - 1)] ?? 5000, stop.signal);
        }
      }
    }
  }

  async function close(): Promise<void> {
    stop.abort();
    await link.end();
    await running;
    await link.end();
  }

  return { close, closed: stop.signal, [Symbol.asyncDispose]: close };
}

async function subscribe(listening: Listening): Promise<Link> {
  const { channel, watch, onPayload } = listening;
  const link = listening.open((_channel, payload) => tell(listening, 'onPayload', () => onPayload(payload)));
  try {
    await link.open(watch.deadlineMs);
    await link.run({ text: `listen "${channel.replaceAll('"', '""')}"`, deadlineMs: watch.deadlineMs });
    return link;
  } catch (error) {
    link.destroy();
    throw error;
  }
}

/** A callback that throws must not end the listening. */
function tell({ channel, log }: Listening, callback: string, call: () => void): void {
  try {
    call();
  } catch (error) {
    log?.warn({ channel, callback, error: error instanceof Error ? error.name : typeof error }, 'a listener failed');
  }
}

/** Asks the link every few seconds; resolves when it is lost, did not answer in time, or nobody wants it any more. */
async function untilLost(link: Link, watch: Watch, stop: AbortSignal): Promise<void> {
  const over = AbortSignal.any([link.lost, stop]);
  while (!over.aborted) {
    await nap(watch.everyMs, over);
    if (over.aborted) return;
    try {
      await link.run({ text: 'select 1', deadlineMs: watch.deadlineMs });
    } catch {
      link.destroy();
    }
  }
}
