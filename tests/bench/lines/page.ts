/** From the commit that ends a run until the front page says so over HTTP, with a short and with a long history. */
import { figure, median, type Line } from '../line.ts';
import { measureFresh } from '../page-fresh.ts';
import { folder } from '../world.ts';
import { historyCopy } from './history.ts';

const p50 = 'p50 ms';

/** Written at length, with its memory and its bytes, by `npm run bench:page`. */
export const runEndToPage: Line = {
  title: 'From the end of a run to the page',
  note: 'Fifteen runs each; at length under “The status page”.',
  plain: true,
  ways: [1_000, 100_000].map((runs) => ({
    name: `after ${runs.toLocaleString('en')} runs`,
    async measure() {
      const { took, memoryMb } = await measureFresh(await historyCopy(runs), await folder(), runs);
      return { [p50]: median(took), 'longest ms': Math.max(...took), 'MB of the publisher': memoryMb };
    },
  })),
  goals: [
    {
      what: 'End of a run to the page, after 100,000 runs',
      unit: 'ms',
      most: 1_500,
      of: (round) => figure(round, 'after 100,000 runs', p50),
    },
  ],
};
