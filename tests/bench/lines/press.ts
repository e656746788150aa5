/** What both lines of presses share: a hundred presses a second, with nothing else to do and while books are scraped. */
import { atRate, startBusyBot, type BusyBot } from '../busy-bot.ts';
import { figure, percentile, times, type Line, type Way } from '../line.ts';

const perSecond = 100;
const presses = 500;
/** Pressed beforehand, at the same rate: a bot compiles what it does while it does it for the first times. */
const warmUp = 200;
const p99 = 'p99 ms';
const busy = 'while two books are scraped';

/** A service of chat, and how to press in it. */
export interface PressedService extends AsyncDisposable {
  /** Sets the bot up for it. */
  env: Record<string, string>;
  /** Finds the button, and answers a way to press it that says how long that took, milliseconds; Infinity for never. */
  findButton(): Promise<() => Promise<number>>;
}

/** The line of one surface; `open` starts the service's fake. */
export function pressLine(surface: string, open: () => Promise<PressedService>): Line {
  function way(name: string, ready: (house: BusyBot) => Promise<void>): Way {
    return {
      name,
      async measure() {
        await using world = await open();
        await using house = await startBusyBot(world.env);
        const press = await world.findButton();
        await atRate(perSecond, warmUp, press);
        await ready(house);
        const took = await atRate(perSecond, presses, press);
        return { [p99]: percentile(took, 0.99), 'p50 ms': percentile(took, 0.5), 'longest ms': percentile(took, 1) };
      },
    };
  }
  return {
    title: `From a press in ${surface} to its acknowledgement, ${perSecond} presses a second of one button`,
    note: `${presses} presses, after ${warmUp} that are not counted; each is decided and stored in between. The bot runs with its worker in one process.`,
    ways: [way('with nothing else to do', () => Promise.resolve()), way(busy, (house) => house.work())],
    goals: [
      {
        what: `Press in ${surface} to acknowledgement, p99`,
        unit: 'ms',
        most: 50,
        of: (round) => figure(round, 'with nothing else to do', p99),
      },
      {
        what: `The same while two books are scraped, p99`,
        unit: '× idle',
        most: 2,
        of: (round) => times(round, p99, busy, 'with nothing else to do'),
      },
    ],
  };
}
