/** Kills, freezes and crashes by chance, with everything else going wrong meanwhile, and judges what is left. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '#db/drizzle.ts';
import { chance, pick } from '../helpers/chance.ts';
import { tally, violations, type Tally } from './judge.ts';
import { changeMoods, failServices, pressButtons, startRuns, type Asked } from './troubles.ts';
import { openWorld, type Seat, type World } from './world.ts';

/** Between two kills, milliseconds. */
const PAUSE_MS = [1_500, 4_000] as const;
/** One in so many is not killed but frozen, for longer than its leases last, milliseconds. */
const FREEZE = { oneIn: 5, ms: 17_000 };
/** How long the database is away after a crash, milliseconds. */
const AWAY_MS = 3_000;
/** How long everything may take to come to its end once nothing goes wrong any more, milliseconds; a limit, not a goal. */
const DRAIN_MS = 300_000;

/** How much of it. */
export interface ChaosTerms {
  kills: number;
  seed: number;
  /** Given up after this, milliseconds; then what is left is a violation. */
  drainMs?: number;
  say: (line: string) => void;
}

/** What it came to. */
export interface ChaosReport {
  kills: number;
  freezes: number;
  crashes: number;
  presses: { taken: number; refused: number; again: number };
  tally: Tally;
  /** From the last thing that went wrong until nothing was left to be done and told, milliseconds. */
  drainedMs: number;
  violations: string[];
}

/** Runs it; the same seed gives the same decisions, though not the same moments. */
export async function runChaos({ kills, seed, drainMs = DRAIN_MS, say }: ChaosTerms): Promise<ChaosReport> {
  const random = chance(seed);
  await using world = await openWorld();
  const asked: Asked = { taken: [], refused: 0, again: 0 };
  const over = new AbortController();
  // Each has a sequence of its own, so that one being late does not change the others' decisions.
  const sequences = Array.from({ length: 4 }, () => chance(Math.floor(random() * 2 ** 31)));
  const [moods, services, runs, presses] = sequences as [() => number, () => number, () => number, () => number];
  const troubles = [
    changeMoods(world.house, moods, over.signal),
    failServices(world.house, services, over.signal),
    startRuns(world.house, runs, over.signal),
    pressButtons(world.house, presses, over.signal, asked),
  ];
  const done = await killAll(world, kills, random, say);
  over.abort();
  await Promise.all(troubles);
  const began = performance.now();
  say('nothing goes wrong any more: everything is to come to its end');
  const left = await drain(world, asked, drainMs, say);
  const drainedMs = Math.round(performance.now() - began);
  const pressed = { taken: asked.taken.length, refused: asked.refused, again: asked.again };
  return { ...done, presses: pressed, tally: await tally(world), drainedMs, violations: left };
}

async function killAll(world: World, kills: number, random: () => number, say: (line: string) => void) {
  const done = { kills: 0, freezes: 0, crashes: 0 };
  const thaws: Promise<void>[] = [];
  const crashAt = new Set([Math.floor(kills / 3), Math.floor((2 * kills) / 3)]);
  while (done.kills < kills) {
    await sleep(PAUSE_MS[0] + (PAUSE_MS[1] - PAUSE_MS[0]) * random());
    await heard(world, say);
    const seat = pick(random, world.seats);
    if (random() < 1 / FREEZE.oneIn) {
      if (seat.frozen) continue;
      done.freezes += 1;
      thaws.push(freeze(seat));
      continue;
    }
    await world.kill(seat);
    done.kills += 1;
    if (done.kills % 10 === 0) say(`${done.kills} killed, ${done.freezes} frozen`);
    if (crashAt.delete(done.kills)) {
      done.crashes += 1;
      say('the database crashes');
      await world.crashDatabase(AWAY_MS);
    }
  }
  await Promise.all(thaws);
  return done;
}

/** A machine on which no bot gets as far as Slack between two kills would show nothing. */
async function heard({ house, logs }: World, say: (line: string) => void): Promise<void> {
  const open = () => house.slack.sockets.open > 0;
  for (let tries = 0; tries < 300 && !open(); tries += 1) await sleep(100);
  if (!open()) say(`no bot has come to Slack for half a minute; the logs end with\n${logs().slice(-3_000)}`);
}

async function freeze(seat: Seat): Promise<void> {
  const { process } = seat;
  process.child.kill('SIGSTOP');
  seat.frozen = true;
  await sleep(FREEZE.ms);
  process.child.kill('SIGCONT');
  if (seat.process === process) seat.frozen = false;
}

/** Waits until nothing is left to be done, to be told and to be found; what is left when it takes too long, in words. */
async function drain(world: World, asked: Asked, longestMs: number, say: (line: string) => void): Promise<string[]> {
  const { database, house } = world;
  let left: string[] = [];
  let quietSince = null as { at: number; state: string } | null;
  let said = performance.now();
  for (const began = performance.now(); performance.now() - began < longestMs; await sleep(500)) {
    const rows = await database.db.execute<{ id: number; status: string }>(
      sql`select id, status from runs where finished_at is null`,
    );
    left = rows.map(({ id, status }) => `run ${id} is ${status}`);
    if (left.length === 0) left = await violations(world, asked);
    if (left.length > 0 && performance.now() - said > 10_000) {
      say(`${left.length} left: ${left[0]}`);
      said = performance.now();
    }
    const state = JSON.stringify([house.onSlack(), house.onDiscord()]);
    if (left.length > 0) quietSince = null;
    else if (quietSince?.state !== state) quietSince = { at: performance.now(), state };
    // A card that was edited last may be edited once more.
    else if (performance.now() - quietSince.at > 3_000) return [];
  }
  return left.length > 0 ? left : ['what stands in the channels goes on changing'];
}
