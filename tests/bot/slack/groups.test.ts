import { afterEach, describe, expect, it } from 'vitest';
import type { SlackTiming } from '#bot/slack/options.ts';
import { openSlack, type OpenSlack } from './open-slack.ts';

let opened: OpenSlack[] = [];
afterEach(async () => {
  await Promise.all(opened.map((one) => one[Symbol.asyncDispose]()));
  opened = [];
});

async function open(groups: string[], timing: Partial<SlackTiming> = {}): Promise<OpenSlack> {
  const one = await openSlack({ timing: { groupPauseMs: 0, ...timing }, options: () => ({ groups }) });
  opened = [...opened, one];
  one.slack.state.groups.set('S0DEV', new Set(['U0BOB']));
  await expect.poll(() => one.surface.state().kind).toBe('up');
  return one;
}

const lookUps = (one: OpenSlack) => one.slack.state.calls.filter((call) => call.method === 'usergroups.users.list');

async function placeOf(one: OpenSlack) {
  await one.slack.person.command('now');
  const { groups, unknownGroups } = one.asked.at(-1)?.place ?? {};
  return { groups, unknownGroups };
}

describe("a person's user groups in Slack", () => {
  it('are not looked up when no rule names one', async () => {
    const one = await open([]);
    expect(await placeOf(one)).toEqual({ groups: [], unknownGroups: [] });
    expect(lookUps(one)).toEqual([]);
  });

  it('are those of the named ones that the person is in, and are looked up once in a while', async () => {
    const one = await open(['S0OPS', 'S0DEV']);
    expect(await placeOf(one)).toEqual({ groups: ['S0OPS'], unknownGroups: [] });
    expect(await placeOf(one)).toEqual({ groups: ['S0OPS'], unknownGroups: [] });
    expect(lookUps(one)).toHaveLength(2);
  });

  it('are looked up again when what is known is old: who left a group has its rights no longer', async () => {
    const one = await open(['S0OPS'], { groupMs: 0 });
    expect((await placeOf(one)).groups).toEqual(['S0OPS']);
    one.slack.state.groups.set('S0OPS', new Set());
    expect((await placeOf(one)).groups).toEqual([]);
  });

  it('are looked up once for everybody who asks at the same moment', async () => {
    const one = await open(['S0OPS']);
    await Promise.all(Array.from({ length: 20 }, () => one.slack.person.command('now')));
    expect(one.asked).toHaveLength(20);
    expect(lookUps(one)).toHaveLength(1);
  });

  it.each([
    ['asks to slow down', { kind: 'rate_limited', retryAfter: 30 } as const],
    ['does not answer', { kind: 'http', status: 503, accept: false } as const],
  ])('are taken as they were while Slack %s', async (_what, fault) => {
    const one = await open(['S0OPS'], { groupMs: 0 });
    await placeOf(one);
    one.slack.fail('usergroups.users.list', fault, 9);
    expect(await placeOf(one)).toEqual({ groups: ['S0OPS'], unknownGroups: [] });
  });

  it('are not known when they were never told, or too long ago', async () => {
    const old = await open(['S0OPS'], { groupMs: 0, staleGroupMs: 0 });
    await placeOf(old);
    old.slack.fail('usergroups.users.list', { kind: 'http', status: 503, accept: false }, 9);
    expect(await placeOf(old)).toEqual({ groups: [], unknownGroups: ['S0OPS'] });
    const never = await open(['S0OPS']);
    never.slack.fail('usergroups.users.list', { kind: 'error', code: 'missing_scope', needed: 'usergroups:read' }, 9);
    expect(await placeOf(never)).toEqual({ groups: [], unknownGroups: ['S0OPS'] });
    expect(never.logged()).toContain('lacks a scope (usergroups:read)');
  });

  it('are asked about again only after the pause Slack wants', async () => {
    const one = await open(['S0OPS']);
    one.slack.fail('usergroups.users.list', { kind: 'rate_limited', retryAfter: 3_600 }, 1);
    expect((await placeOf(one)).unknownGroups).toEqual(['S0OPS']);
    expect((await placeOf(one)).unknownGroups).toEqual(['S0OPS']);
    expect(lookUps(one)).toHaveLength(1);
  });

  it('has nobody in a group that does not exist, and that is said in the log', async () => {
    const one = await open(['S0GONE']);
    expect(await placeOf(one)).toEqual({ groups: [], unknownGroups: [] });
    expect(one.logged()).toContain('no such user group');
  });
});
