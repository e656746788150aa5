import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { systemClock } from '#scraper/clock.ts';
import { createPaces } from '#scraper/pace.ts';
import { handClock } from '../helpers/hand-clock.ts';
import { failureOf } from './open-http.ts';

const minute = 60_000;
const free = new AbortController().signal;

test('no more requests than allowed are under way at once, first come first served', async () => {
  const pace = createPaces().forHost('a', { concurrency: 2, gapMs: 0 }, handClock());
  const order: number[] = [];
  let underWay = 0;
  let most = 0;
  const work = (number: number) =>
    pace.run(free, minute, async () => {
      order.push(number);
      underWay += 1;
      most = Math.max(most, underWay);
      await turn();
      underWay -= 1;
    });
  await Promise.all([1, 2, 3, 4, 5, 6].map(work));
  expect(most).toBe(2);
  expect(order).toEqual([1, 2, 3, 4, 5, 6]);
});

test('starts are a gap apart, however many may be under way', async () => {
  const clock = handClock(0);
  const pace = createPaces().forHost('a', { concurrency: 5, gapMs: 100 }, clock);
  const starts: number[] = [];
  const work = () => pace.run(free, minute, async () => void starts.push(clock.now()));
  await Promise.all([work(), work(), work(), work()]);
  expect(starts).toEqual([0, 100, 200, 300]);
});

test('nobody who waits for the gap is overtaken by who came later', async () => {
  const pace = createPaces().forHost('a', { concurrency: 6, gapMs: 5 }, systemClock);
  const numbers = Array.from({ length: 40 }, (_, number) => number);
  const rest = numbers.values();
  const order: number[] = [];
  async function workThrough(): Promise<void> {
    for (const number of rest) {
      await pace.run(free, minute, async () => void order.push(number));
      await turn();
    }
  }
  await Promise.all(Array.from({ length: 6 }, workThrough));
  expect(order).toEqual(numbers);
});

test('two users of one host share its pace, another host has its own', async () => {
  const clock = handClock(0);
  const paces = createPaces();
  const settings = { concurrency: 1, gapMs: 50 };
  const starts: [string, number][] = [];
  const work = (host: string) =>
    paces.forHost(host, settings, clock).run(free, minute, async () => void starts.push([host, clock.now()]));
  await work('a');
  await work('b');
  await work('a');
  expect(starts).toEqual([
    ['a', 0],
    ['b', 0],
    ['a', 50],
  ]);
});

test('a hold keeps everybody waiting until it is over', async () => {
  const clock = handClock(0);
  const pace = createPaces().forHost('a', { concurrency: 5, gapMs: 0 }, clock);
  pace.hold(30_000);
  pace.hold(10_000);
  const starts: number[] = [];
  const work = () => pace.run(free, minute, async () => void starts.push(clock.now()));
  await Promise.all([work(), work()]);
  expect(starts).toEqual([30_000, 30_000]);
});

test('a hold told from outside counts for hosts that are asked already and for those that are not yet', async () => {
  const clock = handClock(0);
  const paces = createPaces();
  const settings = { concurrency: 1, gapMs: 0 };
  const known = paces.forHost('known', settings, clock);
  for (const host of ['known', 'later']) {
    paces.hold(host, 30_000);
    paces.hold(host, 10_000);
  }
  const later = paces.forHost('later', settings, clock);
  for (const pace of [known, later]) {
    const failure = await failureOf(pace.run(free, 1_000, async () => 'sent'));
    expect(failure.until).toEqual(new Date(30_000));
  }
});

test('a hold longer than one may wait is told at once, with its end', async () => {
  const clock = handClock(0);
  const pace = createPaces().forHost('a', { concurrency: 5, gapMs: 0 }, clock);
  pace.hold(minute + 1);
  const failure = await failureOf(pace.run(free, minute, async () => 'sent'));
  expect([failure.kind, failure.until]).toEqual(['rate_limited', new Date(minute + 1)]);
  expect(clock.slept).toEqual([]);
});

test('a clock set back does not stretch a gap', async () => {
  const clock = handClock(3_600_000);
  const pace = createPaces().forHost('a', { concurrency: 1, gapMs: 100 }, clock);
  await pace.run(free, minute, async () => {});
  clock.time = 0;
  await pace.run(free, minute, async () => {});
  expect(clock.slept).toEqual([100]);
});

test('who gives up waiting leaves the queue, and nobody behind is lost', async () => {
  const pace = createPaces().forHost('a', { concurrency: 1, gapMs: 0 }, handClock());
  const { promise: blocked, resolve: unblock } = Promise.withResolvers<void>();
  const giving = new AbortController();
  const first = pace.run(free, minute, () => blocked);
  const second = pace.run(giving.signal, minute, async () => 'second');
  const third = pace.run(free, minute, async () => 'third');
  giving.abort(new Error('gave up'));
  await expect(second).rejects.toThrow('gave up');
  unblock();
  await first;
  expect(await third).toBe('third');
});

test.each([
  ['behind the first in line', 2],
  ['until the gap is over, first in line', 1],
])('who gives up waiting %s holds nobody up', async (_, place) => {
  const pace = createPaces().forHost('a', { concurrency: 5, gapMs: 50 }, systemClock);
  await pace.run(free, minute, async () => {});
  const giving = new AbortController();
  const order: number[] = [];
  const work = (number: number) =>
    pace.run(number === place ? giving.signal : free, minute, async () => void order.push(number));
  const all = Promise.allSettled([1, 2, 3].map(work));
  await turn();
  giving.abort(new Error('gave up'));
  const outcomes = await all;
  expect(outcomes[place - 1]).toMatchObject({ status: 'rejected', reason: new Error('gave up') });
  expect(order).toEqual([1, 2, 3].filter((number) => number !== place));
});

test('a slot comes free when the work fails', async () => {
  const pace = createPaces().forHost('a', { concurrency: 1, gapMs: 0 }, handClock());
  await expect(pace.run(free, minute, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await pace.run(free, minute, async () => 'next')).toBe('next');
});
