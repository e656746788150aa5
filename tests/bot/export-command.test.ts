import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '#db/drizzle.ts';
import { testDatabase } from '../helpers/database.ts';
import { anIntent, aResult, openHouse } from '../helpers/house.ts';

const { url } = await testDatabase({ breaks: { 'job-counts-its-items': 'what is old is let go by hand' } });
const house = await openHouse(url);
const root = fileURLToPath(new URL('../..', import.meta.url));
const events = 120;
afterAll(() => house[Symbol.asyncDispose]());

function exported(...args: string[]) {
  const env = { PATH: process.env['PATH'], DATABASE_URL: url };
  const { stdout, stderr, status } = spawnSync(process.execPath, ['bot/export-command.ts', ...args], {
    cwd: root,
    env,
    encoding: 'utf8',
    maxBuffer: 50_000_000,
  });
  return { stdout, stderr, status };
}

beforeAll(async () => {
  await house.runs.start(anIntent(), ['bet9ja']);
  const job = await house.take();
  const keys = Array.from({ length: events }, (_, index) => `e${index}`);
  await house.jobs.seed(
    job,
    'extract',
    keys.map((key) => ({ key, priority: 0, payload: {} })),
    600_000,
  );
  const at = new Date(0).toISOString();
  const head = { kind: 'odds', platform: 'bet9ja', country: 'ng', sportradarId: null, geniusId: null } as const;
  const match = {
    event: '',
    home: '@A',
    away: 'B',
    sport: 'football',
    live: false,
    kickoff: at,
    fetchedAt: at,
  } as const;
  const competition = { id: null, name: 'Cup', country: null };
  const prices = Array.from({ length: 30 }, (_, line) => ({
    market: 'asian_handicap' as const,
    period: 'ft' as const,
    line: -line / 2,
    outcome: 'home',
    price: 1.5,
    sourceMarketId: 'AH',
    sourceOutcomeId: '1',
    sourceUpdatedAt: null,
  }));
  await house.jobs.settle(
    job,
    'extract',
    keys.map((key) => ({
      key,
      outcome: 'done',
      records: [{ ...head, ...match, competition, eventId: key, prices }],
    })),
  );
  await house.jobs.endAttempt(job, aResult('completed'));
});

describe('npm run export', () => {
  it('writes every row of a run as CSV, with harmless text and numbers that stay numbers', () => {
    const { stdout, stderr, status } = exported('--run', '1');
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const lines = stdout.trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/^run,platform,country,event,book_event,/);
    expect(lines).toHaveLength(1 + events * 30);
    expect(lines[1]).toContain(`"'@A",B,Cup`);
    expect(lines.some((line) => line.includes(',ft,-14.5,home,1.5,'))).toBe(true);
  });

  it('writes JSON lines, one record each, as it is', () => {
    const { stdout, status } = exported('--run', '1', '--platform', 'bet9ja', '--format', 'jsonl');
    expect(status).toBe(0);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows).toHaveLength(events * 30);
    expect(rows[0]).toMatchObject({ kind: 'odds', run: 1, platform: 'bet9ja', home: '@A', price: 1.5 });
  });

  it('ends without a word when whoever reads has had enough', () => {
    const { stdout, stderr, status } = spawnSync(
      'sh',
      ['-c', '"$0" bot/export-command.ts --run 1 | head -n 2', process.execPath],
      {
        cwd: root,
        env: { PATH: process.env['PATH'], DATABASE_URL: url },
        encoding: 'utf8',
      },
    );
    expect({ stderr, status, lines: stdout.split('\r\n').length }).toEqual({ stderr: '', status: 0, lines: 3 });
  });

  it.each([
    [[], /^Say which run: npm run -s export -- --run 42/],
    [['--run', 'x'], /^Say which run/],
    [['--nonsense'], /^Say which run/],
    [['--run', '9'], /^There is no run 9/],
    [['--run', '1', '--platform', 'betpawa'], /^betpawa was not part of run 1/],
    [['--run', '1', '--platform', 'bet9a'], /^There is no platform "bet9a"\. Did you mean bet9ja\?/],
    [['--run', '1', '--format', 'xml'], /^There is no format xml/],
    [['--run', '1', '--holds', 'cars'], /^There are no records called cars/],
  ])('refuses %j with a sentence, and writes nothing', (args, sentence) => {
    const { stdout, stderr, status } = exported(...args);
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
    expect(stderr).toMatch(sentence);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  it('of a run that is older than what is kept says why there is nothing', async () => {
    await house.db.execute(sql`delete from work_items`);
    const { stdout, stderr, status } = exported('--run', '1');
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
    expect(stderr).toBe('Run 1 is too old to be exported: what bet9ja delivered is no longer kept.\n');
  });
});
