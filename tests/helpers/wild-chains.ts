/** Chains by chance, in which every text that comes from outside is as hostile as it can be. */
import type {
  BreakerFacts,
  Chain,
  CommonCause,
  FailureFacts,
  JobFacts,
  JobStatus,
  MuteFacts,
  Person,
  RunFacts,
} from '#db/run-facts.ts';
import { failureKinds, failureSentence, type FailureKind } from '#scraper/errors.ts';
import { pick } from './chance.ts';
import { after, aJob, aMute, aRun, NOON } from './facts.ts';

/** What such a chain is made of. */
export interface Wild {
  random: () => number;
  /** A text of somebody who wishes us ill. */
  text: () => string;
  platforms: number;
  /** How jobs end; by chance unless given. */
  ends?: JobStatus;
}

const kinds = Object.keys(failureKinds) as FailureKind[];
const ends: JobStatus[] = ['pending', 'running', 'waiting', 'completed', 'partial', 'failed', 'skipped', 'cancelled'];

/** A run and up to three retries of it. */
export function aWildChain(wild: Wild): Chain {
  const { random, platforms } = wild;
  const ids = Array.from({ length: platforms }, (_, index) => `platform-${'x'.repeat(20)}-${index}`.slice(-32));
  const retries = Math.floor(random() * 4);
  const runs = Array.from({ length: retries + 1 }, (_, index) => {
    const part = index === 0 ? ids : ids.filter(() => random() < 0.4);
    return aWildRun(wild, index + 1, part.length === 0 ? ids.slice(0, 1) : part);
  });
  const [root, ...others] = runs;
  if (root === undefined) throw new Error('a chain has a run');
  const mutes = ids.filter(() => random() < 0.2).map((platform) => aWildMute(wild, platform));
  return {
    rootId: 1,
    runs: [root, ...others],
    mutes,
    breakers: ids.filter(() => random() < 0.2).map((id) => aWildTerm(wild, id)),
    causes: ids.length < 2 || random() < 0.7 ? [] : [aWildCause(wild, ids)],
  };
}

function aWildTerm({ random }: Wild, platform: string): BreakerFacts {
  const closed = random() < 0.5;
  return {
    platform,
    failures: 5,
    failingSince: NOON,
    kind: 'blocked',
    openedAt: NOON,
    openedRun: 1,
    nextProbeAt: after(1_800),
    probes: 0,
    closedAt: closed ? after(60) : null,
    closedRun: closed ? 1 : null,
  };
}

function aWildCause({ random }: Wild, platforms: string[]): CommonCause {
  const closed = random() < 0.5;
  return {
    id: 1,
    fingerprint: pick(random, ['connection', 'proxy', 'certificate', 'blocked', 'status 503']),
    platforms,
    since: NOON,
    openedAt: NOON,
    openedRun: 1,
    closedAt: closed ? after(60) : null,
    closedRun: closed ? 1 : null,
  };
}

function aPerson({ random, text }: Wild): Person {
  const id = pick(random, ['U0ADA', '77', text()]);
  return { surface: pick(random, ['slack', 'discord', 'console']), id, name: text() };
}

function aWildRun(wild: Wild, id: number, platforms: readonly string[]): RunFacts {
  const { random } = wild;
  const jobs = platforms.map((platform, index) => aWildJob(wild, id, id * 100 + index, platform));
  const finished = jobs.every((job) => job.finishedAt !== null);
  const status = finished
    ? pick(random, ['completed', 'partial', 'failed', 'connection_failed', 'cancelled'] as const)
    : 'running';
  return aRun({
    id,
    status,
    trigger: id === 1 ? pick(random, ['slack', 'discord', 'console']) : `retry:1`,
    retryOf: id === 1 ? null : 1,
    requestedBy: aPerson(wild),
    cancelledBy: status === 'cancelled' ? aPerson(wild) : null,
    jobs,
    files: random() < 0.3 ? [aWildFile(wild, platforms)] : [],
  });
}

function aWildFile(wild: Wild, platforms: readonly string[]): RunFacts['files'][number] {
  const whole = wild.random() < 0.5;
  const name = 'run-1-missing-3.csv';
  return { id: 3, name, holds: 'missing', platforms: [...platforms], rows: 12, whole, by: aPerson(wild) };
}

function aWildJob(wild: Wild, runId: number, id: number, platform: string): JobFacts {
  const { random, text } = wild;
  const status = wild.ends ?? pick(random, ends);
  const failures = Array.from({ length: 1 + Math.floor(random() * 5) }, () => aWildFailure(wild, platform));
  const broke = status === 'partial' || status === 'failed' || status === 'waiting';
  return aJob({
    id,
    runId,
    platform,
    status,
    retryNumber: runId - 1,
    itemsTotal: 412,
    itemsDone: status === 'completed' ? 412 : 31,
    itemsFailed: broke ? 8 : 0,
    failureKind: broke ? (failures[0]?.kind ?? null) : null,
    ...(broke && random() < 0.4 ? { fingerprint: 'connection', failedAt: NOON } : {}),
    nextAttemptAt: status === 'waiting' ? after(60) : null,
    failures: broke ? failures : [],
    steps: [
      {
        name: 'extract',
        attempt: 1,
        status: 'failed',
        itemsTotal: 412,
        itemsDone: 0,
        itemsFailed: 412,
        errorKind: failures[0]?.kind ?? null,
        error: text(),
      },
    ],
    accepted: broke && random() < 0.2 ? { by: aPerson(wild), why: text(), at: NOON } : null,
  });
}

/** The sentence is of our list; now and then it is not, as if something had slipped through. */
function aWildFailure({ random, text }: Wild, platform: string): FailureFacts {
  const kind = pick(random, kinds);
  const headline = random() < 0.8 ? failureSentence(kind, platform) : text();
  return { kind, headline, detail: text(), step: 'extract', count: 1 + Math.floor(random() * 400) };
}

function aWildMute(wild: Wild, platform: string): MuteFacts {
  const until = wild.random() < 0.5 ? null : after(3_600);
  return aMute({ platform, by: aPerson(wild), until });
}
