import { describe, expect, it } from 'vitest';
import type { Form } from '#bot/chat/message.ts';
import { answerView, chosenIn, formView, writtenIn } from '#bot/slack/form.ts';
import { openSeal } from '#bot/slack/seal.ts';
import { message } from '#bot/chat/message.ts';
import { checkView } from '../../fakes/slack/check-message.ts';
import { hostile } from '../../helpers/hostile.ts';

const origin = { channel: 'C0RUNS', thread: '1795435200.000001' };
const seal = openSeal('canary-token', 'here');
const place = { user: 'U0ADA', origin, seal };

function form(count: number, more: Partial<Form> = {}): Form {
  const choices = Array.from({ length: count }, (_, index) => ({
    value: `platform-${index}`,
    label: `platform-${index}`,
    hint: '12 errors',
    checked: index % 2 === 0,
  }));
  return {
    id: 'v1:choose:7',
    title: 'Retry run 7',
    intro: 'Which platforms?',
    choices,
    text: null,
    submit: 'Retry',
    typed: '',
    ...more,
  };
}

function check(view: object) {
  return checkView(view as Record<string, unknown>);
}

describe('a form in Slack', () => {
  it.each([1, 10, 11, 35, 200, 201])('is taken with %i choices, several groups where one is too small', (count) => {
    const view = formView(form(count), place);
    const checked = check(view);
    expect(checked.error, checked.faults.join()).toBeNull();
    expect(view.blocks.filter((block) => block.type === 'input')).toHaveLength(Math.min(20, Math.ceil(count / 10)));
    if (count > 200) expect(checked.seen).toContain('and 1 more, not shown');
  });

  it('is taken whatever stands in it, and pings nobody', () => {
    for (const text of hostile) {
      const choices = [{ value: 'a', label: text, hint: text, checked: true }];
      const checked = check(formView(form(0, { title: text, intro: text, submit: text, choices }), place));
      expect(checked.error, checked.faults.join()).toBeNull();
      expect(checked.effects).toEqual({ pings: [], links: [], formats: [] });
      expect(check(answerView(message('bad', text, { quote: text }), place)).error).toBeNull();
    }
  });

  it('gives back what was checked, over all groups, in their order', () => {
    const options = (...values: string[]) => ({ pick: { selected_options: values.map((value) => ({ value })) } });
    expect(chosenIn({ 'group:10': options('k'), 'group:2': options('c', 'd'), other: options('x') })).toEqual([
      'c',
      'd',
      'k',
    ]);
    expect(chosenIn({ 'group:0': { pick: { selected_options: null } } })).toEqual([]);
  });

  it('asks for a line of text that cannot be left out, and gives back what was written', () => {
    for (const text of ['Why?', ...hostile]) {
      const view = formView(form(0, { text: { label: text || '…', example: text || '…', most: 300 } }), place);
      const checked = check(view);
      expect(checked.error, checked.faults.join()).toBeNull();
      expect(view.blocks.at(-1)).toMatchObject({ block_id: 'text', element: { min_length: 1, max_length: 300 } });
      expect(view.blocks.at(-1)).not.toHaveProperty('optional');
    }
    expect(writtenIn({ text: { text: { value: 'international break' } } })).toBe('international break');
    expect(writtenIn({ text: { text: { value: null } } })).toBeNull();
    expect(writtenIn({ 'group:0': {} })).toBeNull();
  });

  it('remembers where it was opened, and takes nothing else for that', () => {
    const owner = { user: 'U0ADA', form: 'v1:choose:7' };
    const metadata = formView(form(1), place).private_metadata ?? '';
    expect(seal.readOrigin(metadata, owner)).toEqual(origin);
    expect(metadata).not.toContain('canary');
    const elsewhere = metadata.replace('C0RUNS', 'C0OTHER');
    for (const wrong of [undefined, '', 'null', '{}', '[1]', '{"channel":3}', '{', '{"channel":"C0RUNS"}', elsewhere]) {
      expect(seal.readOrigin(wrong, owner)).toBeNull();
    }
    expect(seal.readOrigin(metadata, { ...owner, user: 'U0OTHER' })).toBeNull();
    expect(seal.readOrigin(metadata, { ...owner, form: 'v1:choose:8' })).toBeNull();
    expect(openSeal('canary-token', 'elsewhere').readOrigin(metadata, owner)).toBeNull();
    expect(openSeal('another-token', 'here').readOrigin(metadata, owner)).toBeNull();
  });
});
