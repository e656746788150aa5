import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '#bot/chat/message.ts';
import type { Asked, Place, Spot } from '#bot/chat/surface.ts';
import { answerRequest, type CommandServices } from '#bot/commands/index.ts';
import type { Right } from '#bot/runs/access.ts';
import type { Person } from '#bot/runs/run.ts';
import { sql } from '#db/drizzle.ts';
import { commandServices } from '../../helpers/command-services.ts';
import { testDatabase } from '../../helpers/database.ts';
import { emptyHouse } from '../../helpers/empty-house.ts';
import { ada, aFailure, anIntent, aResult, openHouse } from '../../helpers/house.ts';

const { url } = await testDatabase();
const house = await openHouse(url);
const { db } = house;
afterAll(() => house[Symbol.asyncDispose]());

const forbidden = new Set<Right>();
const services = commandServices(house, forbidden);
const home: Place = { team: 'T1', channel: 'C1', groups: [], stranger: false };
const grace = { surface: 'discord', id: '77', name: 'Grace' };
const on: Spot = { kind: 'post', ref: { run: 1 } };

beforeEach(async () => {
  forbidden.clear();
  await emptyHouse(db);
});

interface As {
  actor?: Person;
  place?: Place;
  may?: CommandServices['may'];
}

async function said(asked: Asked, { actor = ada, place = home, may = services.may }: As = {}): Promise<Message> {
  const reply = await answerRequest({ ...anIntent({ actor }), place, asked }, { ...services, may });
  if (reply.kind === 'form') throw new Error('a form was answered');
  return reply.message;
}

const ask = (text: string, as: As = {}) => said({ kind: 'words', text }, as);
const press = (action: string, as: As = {}, spot: Spot = on) => said({ kind: 'press', action, on: spot }, as);

async function actions(): Promise<Record<string, unknown>[]> {
  return [...(await db.execute(sql`select name, outcome, run_id from actions order by at, id`))].slice(1);
}

describe('cancelling', () => {
  it('is a typed line or the button on the card', async () => {
    await ask('now bet9ja');
    expect((await ask('cancel #1')).title).toBe('Run 1 is cancelled: bet9ja had not begun.');
    expect((await press('v1:cancel:1')).title).toBe(
      'Nothing was cancelled. Run 1 has ended already: it was cancelled by Ada.',
    );
  });

  it('wants to know which run', async () => {
    await ask('now');
    for (const text of ['cancel', 'cancel it', 'cancel 0', 'cancel 1 2']) {
      expect((await ask(text)).title).toMatch(/^Which run should be cancelled/);
    }
    expect(await actions()).toEqual([]);
  });

  it('is for whoever may start runs, and for whoever started this one', async () => {
    await ask('now bet9ja');
    forbidden.add('run');
    expect((await ask('cancel 1', { actor: grace })).title).toMatch(/^You may not cancel other people's runs here/);
    expect((await press('v1:cancel:1', { actor: { ...grace, name: 'Ada' } })).title).toMatch(/^You may not cancel/);
    expect((await press('v1:cancel:1')).title).toMatch(/^Run 1 is cancelled/);
    expect(await actions()).toEqual([
      { name: 'cancel', outcome: 'refused:not_allowed', run_id: null },
      { name: 'cancel', outcome: 'refused:not_allowed', run_id: null },
      { name: 'cancel', outcome: 'done', run_id: 1 },
    ]);
  });

  it('is not for a stranger, not even of what they once started', async () => {
    await ask('now bet9ja');
    const may = () => ({ allowed: false, reason: 'stranger' }) as const;
    expect((await ask('cancel 1', { may })).title).toMatch(/^Bots, guests and people of other teams/);
    expect(await db.execute(sql`select 1 from runs where finished_at is null`)).toHaveLength(1);
  });
});

describe('muting', () => {
  async function aBrokenRun(): Promise<void> {
    await ask('now bet9ja');
    await house.workAll({ bet9ja: aResult('failed', aFailure('bet9ja', 'blocked')) });
  }

  it('is a typed line, with an end or without, or the button under what broke', async () => {
    await aBrokenRun();
    expect((await press('v1:mute:1:bet9ja')).title).toBe('bet9ja is muted until it works.');
    expect((await ask('mute BET9JA')).title).toMatch(/^Nothing was changed. bet9ja is muted already, by Ada since/);
    expect((await ask('mute bet9ja until 2h')).title).toMatch(
      /^bet9ja is muted until it works, or until .+ at the lat/,
    );
    expect((await ask('status 1')).lines[0]?.text).toMatch(/^blocked .+ · muted by Ada since \d\d:\d\d, until/);
    expect((await press('v1:unmute:1:bet9ja')).title).toMatch(/^bet9ja is no longer muted/);
    expect((await ask('unmute bet9ja')).title).toBe('Nothing was changed. bet9ja is not muted.');
    expect((await actions()).map((row) => [row['name'], row['outcome']])).toEqual([
      ['mute', 'done'],
      ['mute', 'refused:already_muted'],
      ['mute', 'done'],
      ['unmute', 'done'],
      ['unmute', 'refused:not_muted'],
    ]);
  });

  it('is explained when it cannot be understood', async () => {
    expect((await ask('mute')).title).toBe('Which platform should be muted?');
    expect((await ask('mute bet9ja until soon')).title).toBe('Until when? That time could not be read.');
    expect((await ask('mute bet9a')).title).toMatch(/There is no platform "bet9a". Did you mean bet9ja\?/);
    expect((await ask('mute bet9ja until 2020-01-01')).title).toMatch(/That time has passed already/);
    expect((await ask('unmute')).title).toMatch(/^Which platform should be unmuted/);
  });

  it('is for whoever may start runs, where we put the button', async () => {
    await aBrokenRun();
    expect((await press('v1:mute:1:bet9ja', {}, { kind: 'foreign' })).title).toMatch(/no longer valid/);
    forbidden.add('run');
    for (const action of ['v1:mute:1:bet9ja', 'v1:unmute:1:bet9ja']) {
      expect((await press(action)).title).toMatch(/^You may not (un)?mute platforms here\. Ask @scrape-ops\.$/);
    }
    expect(await db.execute(sql`select 1 from mutes`)).toEqual([]);
    expect((await actions()).map((row) => row['outcome'])).toEqual([
      'refused:forged',
      'refused:not_allowed',
      'refused:not_allowed',
    ]);
  });
});

describe('who am I', () => {
  const asSlack = { actor: { surface: 'slack', id: 'U1', name: 'Ada' } };
  const rows = (message: Message) => Object.fromEntries(message.lines.map((line) => [line.name, line.text]));

  it('is answered with what rights are decided by, each right, and the rule that gives it', async () => {
    const rules: Record<Right, string | null> = { view: 'channel:C1', retry: 'group:S2', run: 'user:U1', admin: null };
    const may = (right: Right) => {
      const by = rules[right];
      return by === null ? ({ allowed: false, reason: 'not_allowed' } as const) : ({ allowed: true, by } as const);
    };
    const answer = await ask('whoami', { ...asSlack, place: { ...home, groups: ['S2', 'S3'] }, may });
    expect(answer.title).toBe('You are Ada, from Slack');
    expect(rows(answer)).toEqual({
      'your id': 'U1',
      team: 'T1',
      channel: 'C1',
      groups: 'S2, S3',
      view: 'look at runs: yes, whoever asks in channel C1 may',
      retry: 'retry what failed: yes, you are in group S2',
      run: 'start, cancel and export runs, accept results, mute platforms, pause schedules, write notes: yes, a rule names you',
      admin:
        'what touches everything; nothing asks for it yet: no, no rule names you, a group of yours or this channel',
    });
    expect(answer.footer).toBeNull();
  });

  it('is answered to everybody, strangers included, and says whom to ask', async () => {
    const may = () => ({ allowed: false, reason: 'stranger' }) as const;
    const answer = await ask('whoami', { ...asSlack, may });
    expect(rows(answer)['run']).toMatch(/: no, bots, guests and people of other teams only look on$/);
    expect(answer.footer).toBe('For what you may not: ask @scrape-ops.');
    expect(await db.execute(sql`select 1 from actions`)).toEqual([]);
  });

  it('says honestly that groups could not be looked up', async () => {
    const may = () => ({ allowed: false, reason: 'group_unknown' }) as const;
    const answer = await ask('whoami', { ...asSlack, place: { ...home, unknownGroups: ['S2'] }, may });
    expect(rows(answer)['groups']).toBe('S2 could not be looked up just now: rules for it do not hold until then');
    expect(rows(answer)['run']).toMatch(/: not now, a group that may could not be looked up$/);
  });

  it('is short at the console, where there are no rules', async () => {
    const answer = await ask('whoami', { may: () => ({ allowed: true, by: null }) });
    expect(answer.title).toBe('You are Ada, from the console');
    expect(Object.keys(rows(answer))).toEqual(['your id', 'view', 'retry', 'run', 'admin']);
  });
});
