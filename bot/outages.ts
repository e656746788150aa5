/**
 * Notices when a surface, or one of its channels, is out of reach until somebody puts something right, and has that said
 * where people still read: once, and again when it is over. What heals by itself is not told.
 */
import type { Database } from '#db/client.ts';
import { noticedIn, sayNotice, withdrawNotice } from '#db/notices.ts';
import { beginOutage, endOutage, openOutages, type Outage } from '#db/outages.ts';
import { backNotice, outageNotice, type Place } from '#bot/chat/outage-words.ts';
import { nap } from '#db/nap.ts';
import { errorFields, type Log } from './log.ts';
import type { Health, Teller } from './teller.ts';

/** Waits, milliseconds; shortened in tests. */
export interface OutageTiming {
  /** How often it is looked. */
  lookMs: number;
  /** Something counts as broken, or as well again, when it was so for this long. */
  settleMs: number;
  /** What was just over and breaks again is not told sooner. */
  quietMs: number;
}

const usualTiming: OutageTiming = { lookMs: 1_000, settleMs: 10_000, quietMs: 900_000 };

/** What watching needs. */
export interface OutagesParts {
  database: Database;
  tellers: readonly Teller[];
  timing?: Partial<OutageTiming>;
  log: Log;
}

/** Something that can be out of reach, by its lasting name. */
interface Subject {
  name: string;
  place: Place;
  health: Health;
}

/** What is out of reach right now, by a name for people who run the bot. */
export function troublesOf(tellers: readonly Teller[]): { name: string; why: string }[] {
  return subjectsOf(tellers).flatMap(({ place, health }) => {
    const name = place.channel === null || place.home ? place.surface : `${place.surface} ${place.channel}`;
    return health.kind === 'ill' ? [{ name, why: health.why }] : [];
  });
}

/** Watches until `stop` is aborted. Never throws. */
export async function watchOutages(parts: OutagesParts, stop: AbortSignal): Promise<void> {
  const { database, tellers, log } = parts;
  const { db } = database;
  const timing = { ...usualTiming, ...parts.timing };
  /** How each subject was when it was looked at, and since when it is so. */
  const since = new Map<string, { kind: Health['kind']; at: number }>();
  let open: Map<string, Outage> | null = null;

  async function look(): Promise<void> {
    open ??= new Map((await openOutages(db)).map((outage) => [outage.subject, outage]));
    const subjects = subjectsOf(tellers);
    for (const subject of subjects) {
      const { name, health } = subject;
      const before = since.get(name);
      const at = before?.kind === health.kind ? before.at : performance.now();
      since.set(name, { kind: health.kind, at });
      const lasted = performance.now() - at;
      if (lasted < timing.settleMs) continue;
      const outage = open.get(name);
      if (health.kind === 'ill' && outage === undefined) await begin(subject, health.why, lasted, subjects);
      if (health.kind === 'well' && outage !== undefined) await end(subject, outage);
    }
  }

  async function begin(subject: Subject, why: string, agoMs: number, subjects: readonly Subject[]): Promise<void> {
    const there = whereToSay(subject, subjects, tellers);
    // With nobody to tell, the log and /readyz have it.
    if (there.length === 0) return;
    const outage = await beginOutage(db, subject.name, why, { agoMs, quietMs: timing.quietMs });
    if (outage === null) return;
    open?.set(subject.name, outage);
    log.warn({ subject: subject.name, why }, 'something is out of reach until somebody puts it right');
    for (const teller of there) {
      await sayNotice(db, outletOf(teller), nameOf(outage), outageNotice(subject.place, why));
      teller.markNotices();
    }
  }

  async function end(subject: Subject, outage: Outage): Promise<void> {
    const lasted = await endOutage(db, outage.id);
    open?.delete(subject.name);
    log.info({ subject: subject.name }, 'what was out of reach is back');
    for (const outlet of await noticedIn(db, nameOf(outage))) {
      // Whoever has not heard of it yet need not hear of it any more.
      if (await withdrawNotice(db, outlet, nameOf(outage))) continue;
      await sayNotice(db, outlet, `${nameOf(outage)}:over`, backNotice(subject.place, lasted ?? 0));
    }
    for (const teller of tellers) teller.markNotices();
  }

  while (!stop.aborted) {
    await look().catch((error: unknown) => log.warn(errorFields(error), 'outages could not be looked after'));
    await nap(timing.lookMs, stop);
  }
}

/** Surfaces and channels, each once. Of what one fault explains, only the largest is named. */
function subjectsOf(tellers: readonly Teller[]): Subject[] {
  const subjects: Subject[] = [];
  for (const { surface } of tellers.filter((teller) => teller.channel === teller.surface.home)) {
    const own = tellers.filter((teller) => teller.surface === surface);
    const state = surface.state();
    const whole: Health =
      state.kind === 'up'
        ? { kind: 'well' }
        : state.kind === 'down' && state.needsPerson === true
          ? { kind: 'ill', why: state.why }
          : { kind: 'unknown' };
    subjects.push({
      name: surface.name,
      place: { surface: surface.name, channel: null, home: false },
      health: whole,
    });
    const home = own.find((teller) => teller.channel === surface.home)?.health();
    for (const teller of own) {
      const health = teller.health();
      const isHome = teller.channel === surface.home;
      const explained =
        whole.kind === 'ill' || (!isHome && home?.kind === 'ill' && health.kind === 'ill' && home.why === health.why);
      subjects.push({
        name: `${surface.name}/${teller.channel}`,
        place: { surface: surface.name, channel: teller.channel, home: isHome },
        health: explained ? { kind: 'unknown' } : health,
      });
    }
  }
  return subjects;
}

/** The homes where somebody reads: those of other surfaces, and the surface's own when only another channel is broken. */
function whereToSay({ place }: Subject, subjects: readonly Subject[], tellers: readonly Teller[]): Teller[] {
  const ill = new Set(subjects.filter(({ health }) => health.kind === 'ill').map(({ name }) => name));
  return tellers.filter(({ surface, channel }) => {
    if (channel !== surface.home || ill.has(surface.name) || ill.has(`${surface.name}/${channel}`)) return false;
    return surface.name !== place.surface || (place.channel !== null && !place.home);
  });
}

function outletOf({ surface, channel }: Teller): { surface: string; channel: string } {
  return { surface: surface.name, channel };
}

function nameOf({ id }: Outage): string {
  return `outage:${id}`;
}
