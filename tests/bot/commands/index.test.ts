import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '#bot/chat/message.ts';
import type { Asked, Reply, Spot } from '#bot/chat/surface.ts';
import { createLog } from '#bot/log.ts';
import type { Right } from '#bot/runs/access.ts';
import { createScheduleService } from '#bot/schedule.ts';
import { answerRequest, commands, type CommandServices } from '#bot/commands/index.ts';
import { latestRunId } from '#db/chains.ts';
import { sql } from '#db/drizzle.ts';
import { commandServices, nightly } from '../../helpers/command-services.ts';
import { testDatabase } from '../../helpers/database.ts';
import { emptyHouse } from '../../helpers/empty-house.ts';
import { ada, aFailure, anIntent, aResult, openHouse } from '../../helpers/house.ts';

const { url } = await testDatabase();
const house = await openHouse(url);
const { db } = house;
afterAll(() => house[Symbol.asyncDispose]());

const place = { team: 'T1', channel: 'C1', groups: [], stranger: false };
const forbidden = new Set<Right>();
const on: Spot = { kind: 'private' };

const services = commandServices(house, forbidden);

beforeEach(async () => {
  forbidden.clear();
  await emptyHouse(db);
});

async function request(asked: Asked): Promise<Reply> {
  return answerRequest({ ...anIntent(), place, asked }, services);
}

async function said(asked: Asked): Promise<Message> {
  const reply = await request(asked);
  if (reply.kind === 'form') throw new Error('a form was answered');
  return reply.message;
}

const ask = (text: string) => said({ kind: 'words', text });
const press = (action: string) => said({ kind: 'press', action, on });

async function aBrokenRun(): Promise<void> {
  await ask('now');
  await house.workAll({ bet9ja: aResult('failed', aFailure('bet9ja', 'blocked')) });
}

describe('what people type', () => {
  it('starts and retries runs, whatever its case and spacing', async () => {
    expect((await ask('  NOW   Sportybet ')).title).toBe('Run 1 is on its way: sportybet.');
    await house.workAll();
    expect((await ask('retry')).title).toBe(
      'Nothing was started. Nothing failed in run 1: every platform is complete.',
    );
  });

  it('may name a run with or without a #', async () => {
    await aBrokenRun();
    expect((await ask('retry #1 bet9ja')).title).toMatch(/^Run 2 retries bet9ja/);
  });

  it('is answered with the list of commands when it is empty or help', async () => {
    for (const text of ['', '   ', 'help']) {
      expect((await ask(text)).lines.map((line) => line.name)).toEqual(commands.map((one) => `/scrape ${one.usage}`));
    }
  });

  it('is answered with what was probably meant when it is nearly a command', async () => {
    expect((await ask('statsu')).lines[0]?.text).toBe('Did you mean /scrape status?');
    expect((await ask('rety 1')).lines[0]?.text).toBe('Did you mean /scrape retry?');
    expect((await ask('waltz')).lines[0]?.text).toBe('Try /scrape help');
  });

  const odd = [
    'now \0',
    'now \ud800',
    'now __proto__',
    'now constructor',
    'retry 1e3',
    'retry -1',
    'retry 99999999999999999999',
    'retry ١',
    'status x',
    'status 0',
    'history 0',
    'history last 0',
    'history first 3',
    'history 7',
    'history many',
    `now ${'x'.repeat(5000)}`,
    'retry 1;drop table runs',
  ];
  for (const text of odd) {
    it(`is refused with a sentence, and starts nothing: ${JSON.stringify(text.slice(0, 40))}`, async () => {
      const answer = await ask(text);
      expect(answer.tone).toBe('warning');
      expect(await latestRunId(db)).toBeNull();
    });
  }
});

describe('what people press', () => {
  it('does the same as typing it', async () => {
    await aBrokenRun();
    expect((await press('v1:retry:1:bet9ja')).title).toMatch(/^Run 2 retries bet9ja from discover/);
    const [action] = await db.execute(sql`select actor, name, args, outcome, run_id from actions where run_id = 2`);
    expect(action).toEqual({
      actor: ada,
      name: 'retry',
      args: { run: 1, platforms: ['bet9ja'], pressed: true },
      outcome: 'started',
      run_id: 2,
    });
  });

  it('is answered kindly when the button is not ours or belongs to nothing', async () => {
    expect((await press('v9:explode')).title).toMatch(/no longer valid/);
    expect((await press('v1:retry:77:bet9ja')).title).toMatch(/There is no run 77/);
  });
});

describe('looking', () => {
  it('at a run shows its card, with the buttons that can be pressed', async () => {
    expect((await ask('status')).title).toMatch(/There is no run yet/);
    await aBrokenRun();
    const status = await ask('status 1');
    expect(status.title).toBe('Run 1 is partly done: 2/3 platforms complete');
    expect(status.buttons.map((button) => button.id)).toEqual(['v1:retry:1:bet9ja']);
    expect((await ask('status 2')).title).toMatch(/There is no run 2/);
  });

  it('at the history gives one line per first run, newest first, with what is still open', async () => {
    expect((await ask('history')).title).toMatch(/There is no run yet/);
    await aBrokenRun();
    await ask('retry 1');
    await house.workAll();
    await aBrokenRun();
    const { lines } = await ask('history');
    expect(lines.map((line) => line.text.replace(/^.*?· /, ''))).toEqual([
      'Run 3 is partly done: 2/3 platforms complete · not complete: bet9ja',
      'Run 1: 3/3 platforms complete after 1 retry (1 → 2)',
    ]);
    expect((await ask('history last 1')).lines).toHaveLength(1);
    expect((await ask('HISTORY Last')).lines).toHaveLength(2);
  });

  it('at the history of one run gives its whole chain, asked for by any of its numbers', async () => {
    await aBrokenRun();
    await ask('retry 1');
    await house.workAll();
    const first = await ask('history #1');
    expect(first.title).toBe('Run 1: 3/3 platforms complete after 1 retry (1 → 2)');
    expect(first.lines.filter(({ text }) => text.startsWith('Run ')).map(({ text }) => text.split(': ')[1])).toEqual([
      'started by Ada, from the console',
      'retry of run 1 by Ada, from the console',
    ]);
    expect((await ask('history 2')).lines).toEqual(first.lines);
    expect((await ask('history 3')).title).toBe('There is no run 3.');
    expect((await ask('history 3')).lines[0]?.text).toMatch(/history last 3$/);
  });
});

describe('numbers', () => {
  it('are those of the last 7 days, or of the time that is named', async () => {
    expect((await ask('stats')).title).toMatch(/^Nothing was scraped in the last 7 days/);
    await aBrokenRun();
    for (const [typed, title] of [
      ['stats', 'In the last 7 days: 2 of 3 (66%) scrapes complete at first'],
      ['stats 24H', 'In the last 24 hours: 2 of 3 (66%) scrapes complete at first'],
    ] as const) {
      expect((await ask(typed)).title).toBe(title);
    }
    expect((await ask('stats 8d')).title).toBe('Numbers go back 24h, 7d, 30d, 90d.');
  });
});

describe('what people choose', () => {
  const ends = {
    bet9ja: aResult('failed', aFailure('bet9ja', 'blocked')),
    betpawa: aResult('failed', aFailure('betpawa', 'unreachable')),
  };
  async function twoBroken(): Promise<void> {
    await ask('now');
    await house.workAll(ends);
  }

  it('is offered in a form with a box per failed platform, all checked, each with what it would do', async () => {
    await twoBroken();
    const reply = await request({ kind: 'press', action: 'v1:choose:1', on });
    expect(reply).toMatchObject({ kind: 'form', form: { id: 'v1:choose:1', title: 'Retry run 1' } });
    const choices = reply.kind === 'form' ? reply.form.choices : [];
    expect(choices.map((one) => [one.value, one.checked])).toEqual([
      ['bet9ja', true],
      ['betpawa', true],
    ]);
  });

  it('makes one retry run of exactly that', async () => {
    await twoBroken();
    const answer = await said({ kind: 'submit', action: 'v1:choose:1', chosen: ['betpawa'], text: null, on });
    expect(answer.title).toMatch(/^Run 2 retries betpawa/);
    const [run] = await db.execute(sql`select platforms from runs where id = 2`);
    expect(run).toEqual({ platforms: ['betpawa'] });
  });

  it('may not be nothing', async () => {
    await twoBroken();
    expect((await said({ kind: 'submit', action: 'v1:choose:1', chosen: [], text: null, on })).title).toMatch(
      /No platform was chosen/,
    );
  });

  it('has a reason when nothing is left of it, which is written down like every refusal', async () => {
    await twoBroken();
    await press('v1:retry:1');
    expect(await press('v1:choose:1')).toMatchObject({
      title: 'Nothing was started. bet9ja is already being retried by Ada (run 2).',
      lines: [{ text: 'betpawa is already being retried by Ada (run 2).' }],
    });
    await house.workAll();
    expect((await press('v1:choose:1')).title).toBe(
      'Nothing was started. Nothing failed in run 2: every platform is complete.',
    );
    const refusals = await db.execute(sql`select outcome from actions where outcome like 'refused:%' order by at`);
    expect(refusals.map((row) => row['outcome'])).toEqual(['refused:being_retried', 'refused:nothing_failed']);
  });

  it('is all that failed once more: by the button of the newest run, and by a shortcut, which no run makes void', async () => {
    await twoBroken();
    const allOf = async () => (await ask('status')).buttons.find(({ label }) => label === 'Retry all failed (2)')?.id;
    const first = await allOf();
    expect((await press(first ?? '')).title).toMatch(/^Run 2 retries bet9ja .+ and betpawa/);
    await house.workAll(ends);
    expect((await press(first ?? '')).title).toMatch(/bet9ja was already retried in run 2: use the newest button/);
    expect((await press((await allOf()) ?? '')).title).toMatch(/^Run 3 retries bet9ja .+ and betpawa/);
    await house.workAll(ends);
    const shortcut = await said({ kind: 'press', action: 'v1:retry:1', on, lasting: true });
    expect(shortcut.title).toMatch(/^Run 4 retries bet9ja .+ and betpawa/);
  });
});

describe('a doubtful result', () => {
  async function aDroppedRun(): Promise<void> {
    await ask('now bet9ja');
    await house.workAll({ bet9ja: aResult('partial', aFailure('bet9ja', 'dropped')) });
  }

  it('is accepted by its button: a form asks why, and the answer says what counts now', async () => {
    await aDroppedRun();
    const form = await request({ kind: 'press', action: 'v1:accept:1:bet9ja', on });
    expect(form).toMatchObject({ kind: 'form', form: { id: 'v1:accept:1:bet9ja', choices: [], text: { most: 300 } } });
    const submit = {
      kind: 'submit',
      action: 'v1:accept:1:bet9ja',
      chosen: [],
      text: 'break\u202e\n<!channel>',
      on,
    } as const;
    expect((await said(submit)).title).toBe('bet9ja in run 1 is accepted as it is: no events.');
    expect((await db.execute(sql`select why from acceptances`))[0]).toEqual({ why: 'break <!channel>' });
    expect((await press('v1:accept:1:bet9ja')).title).toMatch(/was already accepted by Ada/);
    expect((await press('v1:retry:1:bet9ja')).title).toMatch(/accepted as it is by Ada/);
  });

  it('is accepted by a typed line, with or without “because”', async () => {
    await aDroppedRun();
    expect((await ask('accept')).title).toMatch(/Which platform, in which run, and why/);
    expect((await ask('accept 0 bet9ja x')).title).toMatch(/named by its number/);
    expect((await ask('accept 1 bet9ja because')).title).toMatch(/Say why: .scrape accept 1 bet9ja because/);
    expect((await ask('accept #1 BET9JA because of  the break')).title).toMatch(/is accepted as it is/);
    expect((await db.execute(sql`select why from acceptances`))[0]).toEqual({ why: 'because of the break' });
  });

  it('takes the right to start runs: whoever may only retry is refused', async () => {
    await aDroppedRun();
    forbidden.add('run');
    const submit = { kind: 'submit', action: 'v1:accept:1:bet9ja', chosen: [], text: 'break', on } as const;
    for (const asked of [submit, { kind: 'press', action: 'v1:accept:1:bet9ja', on } as const]) {
      expect((await said(asked)).title).toMatch(/^You may not accept results here/);
    }
    expect(await db.execute(sql`select 1 from acceptances`)).toHaveLength(0);
  });
});

describe('what is missing in a run, and what it delivered', () => {
  it('is asked for by its number and platforms, or of the newest run', async () => {
    await aBrokenRun();
    expect((await ask('missing')).title).toBe('Nothing is known to be missing in run 1');
    expect((await ask('missing 1 SPORTYBET')).title).toBe('Nothing is missing in run 1');
    expect((await ask('missing 0')).title).toMatch(/named by its number/);
    expect((await ask('export 1 bet9aj')).title).toMatch(/Did you mean bet9ja/);
    expect((await ask('export')).title).toBe('Run 1 delivered nothing that could be put into a file.');
  });
});

describe('schedules', () => {
  it('are shown to whoever may look, and paused by whoever may start runs', async () => {
    await createScheduleService({
      database: house.database,
      schedules: [nightly],
      startDue: house.runs.startDue,
      log: createLog('silent', 'test'),
    }).open();
    forbidden.add('run');
    expect((await ask('schedule')).lines[0]?.name).toBe('nightly');
    expect((await ask('schedule pause nightly')).title).toMatch(/^You may not pause schedules here/);
    forbidden.clear();
    expect((await ask('schedule pause nihgtly')).title).toMatch(/Did you mean nightly\?/);
    expect((await ask('Schedule PAUSE nightly for 2h')).title).toMatch(/^Schedule nightly is paused until/);
    expect((await ask('schedule resume nightly')).title).toMatch(/^Schedule nightly goes on\. Next run:/);
    expect((await ask('schedule pause nightly until whenever')).title).toMatch(/^Until when\?/);
    expect((await ask('schedule nightly')).title).toMatch(/^A schedule can be paused or resumed/);
  });
});

describe('people who may not', () => {
  it('are told whom to ask, start nothing, and every try is written down', async () => {
    await aBrokenRun();
    for (const right of ['run', 'retry', 'view'] as const) forbidden.add(right);
    const asks: Asked[] = [
      { kind: 'words', text: 'now' },
      { kind: 'words', text: 'retry 1 bet9ja' },
      { kind: 'words', text: 'history' },
      { kind: 'press', action: 'v1:retry:1:bet9ja', on },
      { kind: 'press', action: 'v1:choose:1', on },
      { kind: 'submit', action: 'v1:choose:1', chosen: ['bet9ja'], text: null, on },
    ];
    for (const asked of asks) expect((await said(asked)).title).toMatch(/^You may not .+ here\. Ask @scrape-ops\.$/);
    expect(await latestRunId(db)).toBe(1);
    const denied = await db.execute(sql`select name from actions where outcome = 'refused:not_allowed' order by at`);
    expect(denied.map((row) => row['name'])).toEqual(['now', 'retry', 'history', 'retry', 'choose', 'retry']);
  });

  it('hear it when nobody could say whether they are in the group that may', async () => {
    const unsure: CommandServices = { ...services, may: () => ({ allowed: false, reason: 'group_unknown' }) };
    const reply = await answerRequest({ ...anIntent(), place, asked: { kind: 'words', text: 'now' } }, unsure);
    expect(reply).toMatchObject({
      message: {
        title:
          'Nothing was done: the members of the group that may start runs cannot be looked up right now. Please try again in a minute.',
      },
    });
    expect(await db.execute(sql`select name from actions where outcome = 'refused:group_unknown'`)).toHaveLength(1);
  });

  it('cannot press what stands where we put no such button', async () => {
    await aBrokenRun();
    const foreign: Spot[] = [{ kind: 'foreign' }, { kind: 'post', ref: { run: 2 } }];
    for (const spot of foreign) {
      for (const asked of [
        { kind: 'press', action: 'v1:retry:1:bet9ja', on: spot },
        { kind: 'press', action: 'v1:choose:1', on: spot },
        { kind: 'submit', action: 'v1:choose:1', chosen: ['bet9ja'], text: null, on: spot },
      ] as const) {
        expect((await said(asked)).title).toMatch(/^This button is no longer valid/);
      }
    }
    expect(await latestRunId(db)).toBe(1);
    expect(await db.execute(sql`select 1 from actions where outcome = 'refused:forged'`)).toHaveLength(6);
    const ours: Asked = { kind: 'press', action: 'v1:retry:1:bet9ja', on: { kind: 'post', ref: { run: 1 } } };
    expect((await said(ours)).title).toMatch(/^Run 2 retries bet9ja/);
  });
});

describe('/scrape note', () => {
  it('puts a note on the page with its end, lists it, and takes it away once', async () => {
    await db.execute(sql`truncate notes restart identity`);
    expect((await ask('note')).title).toBe('No note stands on the status page.');
    const written = await ask('note "bet9ja has maintenance" for 2h');
    expect(written.title).toMatch(/^Note 1 stands on the status page until /);
    expect(written.footer).toBe('/scrape note end 1 takes it away earlier.');
    expect((await ask('note')).lines.map(({ name, text }) => [name, text.split(' · ')[0]])).toEqual([
      ['1', 'bet9ja has maintenance'],
    ]);
    expect((await ask('note end 1')).title).toBe('Note 1 is off the status page.');
    expect((await ask('note end 1')).title).toBe('No note 1 stands on the status page.');
    expect((await ask('note end x')).tone).not.toBe('good');
    expect((await ask('note')).lines).toEqual([]);
  });

  it('takes the right to start runs', async () => {
    forbidden.add('run');
    expect((await ask('note hello')).tone).not.toBe('good');
    expect([...(await db.execute(sql`select 1 from notes where text = 'hello'`))]).toEqual([]);
  });
});
