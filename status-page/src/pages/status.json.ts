import type { APIRoute } from 'astro';
import type { BreakerHistory, MuteHistory } from '#db/history.ts';
import { dayState, successRate } from '../lib/days.ts';
import { breakerOf, liveOf, platformsInOrder } from '../lib/facts.ts';
import { isComplete } from '../lib/states.ts';
import { shownTime } from '../lib/times.ts';
import { verdict } from '../lib/verdict.ts';
import { oneLine } from '../lib/words.ts';

/** The front page for programs; docs/status-page.md says what each field means. */
export const GET: APIRoute = ({ locals }) => {
  const { generatedAt, nextAt, address, timeZone } = locals.site;
  const live = liveOf(locals);
  const platforms = platformsInOrder(live);
  const { shape, parts } = verdict(platforms, live.runs, live.breakers);
  const said = parts.map((part) => (typeof part === 'string' ? part : shownTime(part, 'clock', timeZone, generatedAt)));
  const document = {
    version: 1,
    generatedAt,
    nextAt,
    verdict: { state: shape, sentence: said.join('') },
    platforms: platforms.map((row) => {
      const days = live.days.filter(({ platform }) => platform === row.platform);
      const whole = live.durations.find(({ platform, day }) => platform === row.platform && day === null);
      return {
        platform: row.platform,
        status: row.status,
        accepted: row.accepted,
        good: isComplete(row),
        since: row.sinceAt,
        failureKind: row.failureKind,
        run: row.runId,
        finishedAt: row.finishedAt,
        items: row.items,
        itemsTotal: row.itemsTotal,
        lastGoodRun: row.lastGoodRunId,
        lastGoodAt: row.lastGoodAt,
        completeShare: successRate(days, row.platform),
        p50Ms: whole?.p50Ms ?? null,
        p95Ms: whole?.p95Ms ?? null,
        leftAlone: leftAlone(breakerOf(live, row.platform)),
        muted: muted(live.mutes.find(({ platform }) => platform === row.platform)),
        days: days.map((day) => ({ day: day.day, state: dayState(day) })),
        page: `${address}platforms/${row.platform}/`,
      };
    }),
    runs: live.runs.slice(0, 20).map((run) => ({
      run: run.id,
      status: run.status,
      root: run.rootId,
      retryOf: run.retryOf,
      rescrapeOf: run.rescrapeOf,
      backfill: run.backfill,
      createdAt: run.createdAt,
      finishedAt: run.finishedAt,
      platforms: run.jobs.map(({ platform, status, accepted }) => ({ platform, status, accepted })),
      page: `${address}runs/${run.id}/`,
    })),
    schedules: live.slots.map((slot) => ({
      schedule: oneLine(slot.schedule),
      nextAt: slot.nextAt,
      lateSince: slot.lateSinceAt,
      pausedSince: slot.pausedAt,
      pausedUntil: slot.pausedUntilAt,
      missed: { count: slot.missed, newestAt: slot.missedAt },
      overlapped: { count: slot.overlapped, newestAt: slot.overlappedAt },
    })),
    notes: live.notes
      .filter((note) => note.endsAt > generatedAt)
      .map(({ id, text, startsAt, endsAt }) => ({ id, text, startsAt, endsAt })),
  };
  return new Response(`${JSON.stringify(document, null, 2)}\n`);
};

function leftAlone(breaker: BreakerHistory | null) {
  if (breaker === null) return null;
  const { sinceAt, untilAt, failures, failingSinceAt, failureKind, runId, probes } = breaker;
  return {
    since: sinceAt,
    nextProbeAt: untilAt,
    failures,
    failingSince: failingSinceAt,
    failureKind,
    run: runId,
    probes,
  };
}

function muted(mute: MuteHistory | undefined) {
  return mute === undefined ? null : { since: mute.sinceAt, until: mute.untilAt };
}
