/** How platforms, steps and retries did lately, as an answer. */
import type { Numbers, PlatformNumbers, Span } from '#bot/runs/numbers.ts';
import { message, type Line, type Message, type Tone } from './message.ts';
import { counted, duration, sentence } from './wording.ts';

/** Failures, and retries, that are told of; the most frequent. */
const MOST = 5;

const spans: Record<Span, string> = {
  '24h': 'the last 24 hours',
  '7d': 'the last 7 days',
  '30d': 'the last 30 days',
  '90d': 'the last 90 days',
};

/** The answer to `/scrape stats`. */
export function statsAnswer({ platforms, failures, retries }: Numbers, span: Span): Message {
  if (platforms.length === 0) {
    return message('quiet', `Nothing was scraped in ${spans[span]}: start a run with /scrape now.`);
  }
  const jobs = platforms.reduce((sum, one) => sum + one.jobs, 0);
  const good = platforms.reduce((sum, one) => sum + one.good, 0);
  const days = span === '24h' ? '' : ' Days are days in UTC.';
  const footer = `Not counted: backfills, and what was skipped, cancelled or left alone.${days}`;
  return message('quiet', `In ${spans[span]}: ${ofAll(good, jobs)} scrapes complete at first`, {
    lines: [
      ...platforms.map(platformLine),
      ...section(
        'What failed most:',
        failures.map(({ platform, step, kind, jobs: times, lastRun }) => ({
          tone: 'quiet',
          name: platform,
          text: `${kindName(kind)} in ${step}: ${counted(times, { one: 'scrape', many: 'scrapes' })}, last in run ${lastRun}`,
        })),
      ),
      ...section(
        'What retries fixed:',
        retries.map(({ platform, step, kind, retries: all, fixed }) => ({
          tone: toneOf(fixed, all),
          name: platform,
          text: `${kindName(kind)} in ${step}: ${fixed} of ${all}`,
        })),
      ),
    ],
    footer,
  });
}

/** `41 of 48 (85%) · 5 of 6 retries · half took 12 s, 95% 40 s, 99% 1 min 5 s · discover 48 of 48, extract 41 of 48`. */
function platformLine(of: PlatformNumbers): Line {
  const { tookMs } = of;
  const parts = [
    ofAll(of.good, of.jobs),
    ...(of.retries === 0 ? [] : [`${of.goodRetries} of ${counted(of.retries, { one: 'retry', many: 'retries' })}`]),
    ...(tookMs === null
      ? []
      : [`p50 ${duration(tookMs.p50)}, p95 ${duration(tookMs.p95)}, p99 ${duration(tookMs.p99)}`]),
    of.steps.map(({ step, ran, good }) => `${step} ${good} of ${ran}`).join(', '),
  ];
  return { tone: toneOf(of.good, of.jobs), name: of.platform, text: parts.filter((part) => part !== '').join(' · ') };
}

function section(title: string, lines: Line[]): Line[] {
  if (lines.length === 0) return [];
  const left = lines.length - MOST;
  const more: Line[] = left > 0 ? [{ tone: 'quiet', name: '', text: `and ${left} more` }] : [];
  return [{ tone: 'quiet', name: '', text: title }, ...lines.slice(0, MOST), ...more];
}

/** Rounded down, so that 100% is all. */
function ofAll(good: number, all: number): string {
  const percent = all === 0 ? '' : ` (${Math.floor((100 * good) / all)}%)`;
  return `${good.toLocaleString('en-US')} of ${all.toLocaleString('en-US')}${percent}`;
}

function toneOf(good: number, all: number): Tone {
  if (good >= 0.95 * all) return 'good';
  return good >= 0.7 * all ? 'warning' : 'bad';
}

function kindName(kind: string): string {
  return sentence(kind.replaceAll('_', ' '));
}
