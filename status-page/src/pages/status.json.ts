import type { APIRoute } from 'astro';
import { dayState, successRate } from '../lib/days.ts';
import { liveOf, platformsInOrder } from '../lib/facts.ts';
import { isComplete } from '../lib/states.ts';
import { shownTime } from '../lib/times.ts';
import { verdict } from '../lib/verdict.ts';

/** The front page for programs; docs/status-page.md says what each field means. */
export const GET: APIRoute = ({ locals }) => {
  const { generatedAt, nextAt, address, timeZone } = locals.site;
  const live = liveOf(locals);
  const platforms = platformsInOrder(live);
  const { shape, parts } = verdict(platforms, live.runs);
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
        days: days.map((day) => ({ day: day.day, state: dayState(day) })),
        page: `${address}platforms/${row.platform}/`,
      };
    }),
    runs: live.runs.slice(0, 20).map((run) => ({
      run: run.id,
      status: run.status,
      root: run.rootId,
      retryOf: run.retryOf,
      createdAt: run.createdAt,
      finishedAt: run.finishedAt,
      platforms: run.jobs.map(({ platform, status, accepted }) => ({ platform, status, accepted })),
      page: `${address}runs/${run.id}/`,
    })),
    notes: live.notes
      .filter((note) => note.endsAt > generatedAt)
      .map(({ id, text, startsAt, endsAt }) => ({ id, text, startsAt, endsAt })),
  };
  return new Response(`${JSON.stringify(document, null, 2)}\n`);
};
