import { describe, expect, it } from 'vitest';
import { readCron, type Cron } from '#bot/runs/cron.ts';
import { nextSlot, slotsBetween, zoneOffset } from '#bot/runs/slots.ts';
import { expectedSlots, transitionsOf } from './slots-oracle.ts';

const DAY_MS = 86_400_000;
const zones = Intl.supportedValuesOf('timeZone');
const start = Date.UTC(2026, 0, 1);
const end = start + 400 * DAY_MS;

function cronOf(expression: string): Cron {
  const reading = readCron(expression);
  if (reading.kind === 'fault') throw new Error(reading.why);
  return reading.cron;
}

function slots(expression: string, zone: string, from: string | number, until: string | number): string[] {
  const between = slotsBetween(cronOf(expression), zoneOffset(zone), new Date(from), new Date(until));
  return [...between].map((slot) => slot.toISOString().replace(':00.000Z', 'Z'));
}

/** One zone for each way of changing clocks: the others would only repeat it. */
function differentZones(): { zone: string; changes: ReturnType<typeof transitionsOf> }[] {
  const found = new Map<string, { zone: string; changes: ReturnType<typeof transitionsOf> }>();
  for (const zone of zones) {
    const changes = transitionsOf(zone, start, end);
    const key = JSON.stringify(changes);
    if (changes.length > 0 && !found.has(key)) found.set(key, { zone, changes });
  }
  return [...found.values()];
}

describe('when clocks change in Berlin', () => {
  it('a time that spring skips comes as much later as the clocks jump, once', () => {
    expect(slots('30 2 * * *', 'Europe/Berlin', '2026-03-28T00:00Z', '2026-03-31T00:00Z')).toEqual([
      '2026-03-28T01:30Z',
      '2026-03-29T01:30Z',
      '2026-03-30T00:30Z',
    ]);
  });

  it('a time that autumn repeats comes the first time only', () => {
    expect(slots('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', '2026-10-26T12:00Z')).toEqual([
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z',
    ]);
  });

  it('every half hour stays every half hour, in spring and in autumn', () => {
    expect(slots('*/30 * * * *', 'Europe/Berlin', '2026-03-29T00:15Z', '2026-03-29T02:15Z')).toEqual([
      '2026-03-29T00:30Z',
      '2026-03-29T01:00Z',
      '2026-03-29T01:30Z',
      '2026-03-29T02:00Z',
    ]);
    expect(slots('*/30 * * * *', 'Europe/Berlin', '2026-10-24T23:45Z', '2026-10-25T02:15Z')).toHaveLength(5);
  });

  it('two times that fall together are one slot', () => {
    expect(slots('30 2,3 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', '2026-03-29T12:00Z')).toEqual([
      '2026-03-29T01:30Z',
    ]);
  });
});

describe('slots', () => {
  it('begin after the time given, and include the end', () => {
    expect(slots('0 * * * *', 'UTC', '2026-01-01T10:00Z', '2026-01-01T12:00Z')).toEqual([
      '2026-01-01T11:00Z',
      '2026-01-01T12:00Z',
    ]);
  });

  it('of 29 February are found years ahead', () => {
    const next = nextSlot(cronOf('0 12 29 2 *'), zoneOffset('Africa/Lagos'), new Date('2026-03-01T00:00Z'));
    expect(next?.toISOString()).toBe('2028-02-29T11:00:00.000Z');
  });

  it('are the same from wherever one looks', () => {
    const cron = cronOf('15 1-3 * * *');
    const offset = zoneOffset('Australia/Lord_Howe');
    const all = [...slotsBetween(cron, offset, new Date('2026-04-01T00:00Z'), new Date('2026-04-10T00:00Z'))];
    for (const [index, slot] of all.entries()) {
      const before = all[index - 1] ?? new Date('2026-04-01T00:00Z');
      expect(nextSlot(cron, offset, before)).toEqual(slot);
      expect(nextSlot(cron, offset, new Date(slot.getTime() - 1))).toEqual(slot);
    }
  });
});

describe('over all zones', () => {
  const regions = [...new Set(zones.map((zone) => zone.split('/')[0] ?? ''))];
  it.each(regions)('a daily time comes once on every calendar day of 400, in order: %s', (region) => {
    const cron = cronOf('30 2 * * *');
    for (const zone of zones.filter((one) => one.startsWith(region))) {
      const offset = zoneOffset(zone);
      const found = [...slotsBetween(cron, offset, new Date(start), new Date(end))].map(Number);
      const days = found.map((slot) => Math.floor((slot + offset(slot)) / DAY_MS));
      expect(new Set(days).size, zone).toBe(found.length);
      expect(found.length, zone).toBeGreaterThanOrEqual(399);
      for (const [index, slot] of found.entries()) {
        if (index === 0) continue;
        const gap = slot - (found[index - 1] ?? 0);
        expect(gap > 0 && gap <= DAY_MS + 2 * 3_600_000, `${zone} ${new Date(slot).toISOString()}`).toBe(true);
      }
    }
  });

  it.each(['30 2 * * *', '0 0 * * *', '*/30 * * * *', '15 1,2,3 * * *', '0 */2 * * *', '45 23 * * 0'])(
    '%s is what counting minute by minute finds around every clock change',
    (expression) => {
      for (const { zone, changes } of differentZones()) {
        for (const { at } of changes) {
          const from = Math.floor((at - 1.5 * DAY_MS) / 3_600_000) * 3_600_000;
          const until = from + 3 * DAY_MS;
          const found = slotsBetween(cronOf(expression), zoneOffset(zone), new Date(from - 1), new Date(until - 1));
          const title = `${zone} around ${new Date(at).toISOString()}`;
          expect([...found].map(Number), title).toEqual(expectedSlots(expression, changes, zone, from, until));
        }
      }
    },
  );
});
