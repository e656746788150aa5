import { expect, it } from 'vitest';
import { statsAnswer } from '#bot/chat/stats-words.ts';
import type { Numbers } from '#bot/runs/numbers.ts';
import { answers, golden } from '../../helpers/conversation.ts';

const steps = [
  { step: 'discover', ran: 48, good: 48 },
  { step: 'extract', ran: 48, good: 41 },
];
const bet9ja = { platform: 'bet9ja', step: 'extract' };
const kinds = ['unreachable', 'blocked', 'rate_limited', 'drifted', 'truncated', 'internal'];

const numbers: Numbers = {
  platforms: [
    {
      platform: 'bet9ja',
      jobs: 48,
      good: 41,
      retries: 6,
      goodRetries: 5,
      tookMs: { p50: 12_300, p95: 40_100, p99: 65_000 },
      steps,
    },
    { platform: 'betpawa', jobs: 1_248, good: 1_247, retries: 1, goodRetries: 1, tookMs: null, steps: [] },
    { platform: 'sportybet', jobs: 4, good: 0, retries: 0, goodRetries: 0, tookMs: null, steps: steps.slice(0, 1) },
  ],
  failures: kinds.map((kind, index) => ({ ...bet9ja, kind, jobs: 6 - index, lastRun: 57 - index })),
  retries: [
    { ...bet9ja, kind: 'unreachable', retries: 21, fixed: 17 },
    { ...bet9ja, kind: 'blocked', retries: 18, fixed: 1 },
  ],
};

it('tells how platforms, steps and retries did, what failed most and what retries fixed', async () => {
  const quiet = { ...numbers, failures: [], retries: [] };
  const none = { platforms: [], failures: [], retries: [] };
  const said = [statsAnswer(numbers, '7d'), statsAnswer(quiet, '24h'), statsAnswer(none, '90d')];
  await expect(answers(said)).toMatchFileSnapshot(golden('stats'));
});
