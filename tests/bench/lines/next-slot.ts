/** What it costs to know when a schedule is due next: of every zone there is, each day of 400. */
import { readCron } from '#bot/runs/cron.ts';
import { nextSlot, zoneOffset } from '#bot/runs/slots.ts';
import { figure, percentile, type Line } from '../line.ts';

const DAYS = 400;
const start = Date.UTC(2026, 0, 1);
const zones = Intl.supportedValuesOf('timeZone');

export const nextSlotInAllZones: Line = {
  title: `The next slot of a schedule, nightly at 02:30, ${DAYS} days in each of ${zones.length} zones`,
  goals: [
    { what: 'Next slot of a schedule, p99', unit: 'ms', most: 5, of: (round) => figure(round, 'ours', 'p99 ms') },
  ],
  ways: [
    {
      name: 'ours',
      measure() {
        const took = slotDurations();
        const at = (share: number) => percentile(took, share);
        return Promise.resolve({ 'p99 ms': at(0.99), 'p50 ms': at(0.5), 'longest ms': at(1) });
      },
    },
  ],
};

function slotDurations(): number[] {
  const reading = readCron('30 2 * * *');
  if (reading.kind === 'fault') throw new Error(reading.why);
  const took: number[] = [];
  for (const zone of zones) {
    const offset = zoneOffset(zone);
    for (let after = new Date(start), days = 0; days < DAYS; days += 1) {
      const began = performance.now();
      const slot = nextSlot(reading.cron, offset, after);
      took.push(slot !== null && slot > after ? performance.now() - began : Infinity);
      after = slot ?? new Date(after.getTime() + 86_400_000);
    }
  }
  return took;
}
