import { describe, expect, it } from 'vitest';
import type { APIModalSubmission } from 'discord.js';
import type { Form } from '#bot/chat/message.ts';
import { chosenIn, toModal, writtenIn } from '#bot/discord/form.ts';
import { checkCallback } from '../../fakes/discord/checks.ts';
import { everyComponent } from '../../fakes/discord/text.ts';
import { createWorld, type Json } from '../../fakes/discord/world.ts';

function form(count: number, given: Partial<Form> = {}): Form {
  return {
    id: 'v1:choose:42',
    title: 'Retry run 42',
    intro: 'Which platforms?',
    choices: Array.from({ length: count }, (_, index) => ({
      value: `p${index}`,
      label: `platform ${index}`,
      hint: `${index} errors`,
      checked: index % 2 === 0,
    })),
    text: null,
    submit: 'Retry',
    typed: '',
    ...given,
  };
}

/** Shows a form the way Discord does; throws when it would be refused. */
function shown(given: Form): Json[] {
  const data = toModal(given) as unknown as Json;
  checkCallback(createWorld({ token: 't', ackMs: 1 }), { type: 9, data });
  return everyComponent(data['components'] as Json[]);
}

describe('a form in Discord', () => {
  it.each([1, 2, 9, 10, 11, 21, 40, 41, 50, 60])('with %i choices is taken, up to fifty of them offered', (count) => {
    const options = shown(form(count)).flatMap((one) => (one['options'] ?? []) as Json[]);
    expect(options.map((option) => option['value'])).toEqual(
      form(Math.min(count, 50)).choices.map((choice) => choice.value),
    );
    expect(options[0]).toMatchObject({ label: 'platform 0', description: '0 errors', default: true });
    expect(options[1]?.['default'] ?? false).toBe(false);
  });

  it('is taken whatever its texts hold', () => {
    const text = `${'\n'.repeat(9_000)}@everyone [x](http://evil) ${'𝕏'.repeat(3_000)}`;
    const choices = form(12).choices.map((choice) => ({ ...choice, label: text, hint: text }));
    expect(() => shown(form(12, { title: text, intro: text, submit: text, choices }))).not.toThrow();
    expect(() => shown(form(3, { title: '', submit: '', intro: '' }))).not.toThrow();
  });

  it('asks for a line of text that cannot be left out, and gives back what was written', () => {
    const given = { title: 'Accept bet9ja', text: { label: 'Why is this right?', example: 'No matches', most: 300 } };
    const [field] = shown(form(0, given)).filter((one) => one['type'] === 4);
    expect(field).toMatchObject({ required: true, min_length: 1, max_length: 300 });
    const hostile = '@everyone '.repeat(500);
    expect(() => shown(form(60, { text: { label: hostile, example: hostile, most: 99_999 } }))).not.toThrow();
    const component = { type: 4, id: 1, custom_id: 'text', value: 'international break' };
    const submission = { custom_id: 'v1:accept:42:bet9ja', components: [{ type: 18, id: 1, component }] };
    expect(writtenIn(submission as unknown as APIModalSubmission)).toBe('international break');
  });

  it('gives back what was chosen in all of its groups', () => {
    const label = (values: string[], type: 3 | 22) => ({
      type: 18,
      id: 1,
      component: { type, id: 1, custom_id: 'c', values },
    });
    const submission = {
      custom_id: 'v1:choose:42',
      components: [{ type: 10, id: 1 }, label(['p0', 'p3'], 22), label(['p9'], 3)],
    };
    expect(chosenIn(submission as unknown as APIModalSubmission)).toEqual(['p0', 'p3', 'p9']);
  });
});
