import { describe, expect, it } from 'vitest';
import { message, type Button, type Line, type Message } from '#bot/chat/message.ts';
import { renderMessage } from '#bot/slack/blocks.ts';
import { checkMessage } from '../../fakes/slack/check-message.ts';
import { chance, pick } from '../../helpers/chance.ts';
import { hostile } from '../../helpers/hostile.ts';

function look(text: Message, card = true) {
  const rendered = renderMessage(text, { card, id: 'run:7:card:abc' });
  return { rendered, checked: checkMessage({ ...rendered, parse: 'none' }, { text: 4_000, update: true }) };
}

function button(id: string, more: Partial<Button> = {}): Button {
  return { id, label: `Press ${id}`, hint: null, disabled: false, ...more };
}

describe('a message in Slack', () => {
  it('has a header as a card, and its title in bold as a reply', () => {
    const text = message('bad', 'bet9ja broke', { lines: [{ tone: 'good', name: 'sportybet', text: '48 events' }] });
    const [card, reply] = [look(text), look(text, false)];
    expect(card.rendered.blocks.map((block) => block.type)).toEqual(['header', 'rich_text']);
    expect(card.checked.seen).toBe('❌ bet9ja broke\n✅ sportybet  48 events');
    expect(reply.rendered.blocks.map((block) => block.type)).toEqual(['rich_text']);
    expect(reply.checked.seen).toBe('❌ bet9ja broke\n✅ sportybet  48 events');
    expect(card.rendered.text).toBe('❌ bet9ja broke\nsportybet: 48 events');
  });

  it('tells a title too long for a header whole below it', () => {
    const { checked } = look(message('bad', 't'.repeat(200)));
    expect(checked.seen.split('\n')[1]).toBe(`❌ ${'t'.repeat(200)}`);
  });

  it('says what a button will do before the button, and shows a disabled one as a note', () => {
    const { rendered } = look(
      message('bad', 'broken', {
        buttons: [
          button('v1:retry:7:bet9ja', { label: 'Retry bet9ja (1/3)', hint: 'from extract, 31 of 48 events kept' }),
          button('v1:retry:7', { label: 'Retry all failed (2)' }),
          button('v1:retry:6', { label: 'Retrying… (1/3)', disabled: true }),
        ],
      }),
    );
    expect(rendered.blocks.slice(1)).toMatchObject([
      {
        type: 'section',
        text: { text: 'From extract, 31 of 48 events kept' },
        accessory: { text: { text: 'Retry bet9ja (1/3)' }, value: 'v1:retry:7:bet9ja' },
      },
      { type: 'actions', elements: [{ value: 'v1:retry:7' }] },
      { type: 'context', elements: [{ type: 'plain_text', text: 'Retrying… (1/3)' }] },
    ]);
  });

  it('opens what it speaks of in the client, by a button that asks us for nothing', () => {
    const link = { label: 'Follow run 43', url: 'https://acme.slack.com/archives/C1/p17' };
    const { rendered, checked } = look(message('good', 'Run 43 retries bet9ja.', { link }), false);
    expect(rendered.blocks[1]).toMatchObject({
      type: 'actions',
      elements: [{ action_id: 'link', text: { text: link.label }, url: link.url }],
    });
    expect(checked.error, checked.faults.join()).toBeNull();
    const endless = { ...link, url: `https://acme.slack.com/${'x'.repeat(3_000)}` };
    expect(look(message('good', 'a', { link: endless }), false).rendered.blocks).toHaveLength(1);
  });

  it('makes a menu of more buttons than are easily read, with every one of them in it', () => {
    const ids = Array.from({ length: 30 }, (_, index) => `v1:retry:7:p${index}`);
    const { rendered, checked } = look(message('bad', 'broken', { buttons: ids.map((id) => button(id)) }));
    expect(checked.error, checked.faults.join()).toBeNull();
    expect(JSON.stringify(rendered.blocks)).toContain('static_select');
    for (const id of ids) expect(JSON.stringify(rendered.blocks)).toContain(`"${id}"`);
  });

  it('shows sixty platforms, each with a line of its own, and counts what it cannot show', () => {
    const lines = (count: number): Line[] =>
      Array.from({ length: count }, (_, index) => ({
        tone: 'bad',
        name: `platform-${index}`,
        text: 'e'.repeat(5_000),
      }));
    const sixty = look(message('bad', 'all broke', { lines: lines(60) }));
    expect(sixty.checked.error, sixty.checked.faults.join()).toBeNull();
    for (let index = 0; index < 60; index += 1) expect(sixty.checked.seen).toContain(`platform-${index}  e`);
    const many = look(message('bad', 'all broke', { lines: lines(94) }));
    expect(many.checked.error, many.checked.faults.join()).toBeNull();
    expect(many.checked.seen).toContain('and 14 more');
  });

  it('gives its blocks new ids when it changes, and the same ones when it does not', () => {
    const ids = (id: string) =>
      renderMessage(message('good', 'a'), { card: true, id }).blocks.map((one) => one.block_id);
    expect(ids('run:7:card:x')).toEqual(['run:7:card:x:0']);
    expect(ids('run:7:card:y')).not.toEqual(ids('run:7:card:x'));
  });

  it.each(hostile.map((text) => [JSON.stringify(text).slice(0, 60), text] as const))(
    'is literal whatever stands in it: %s',
    (_name, text) => {
      const everywhere = message('bad', text, {
        lines: [{ tone: 'bad', name: text, text }],
        quote: text,
        buttons: [
          button('v1:retry:1', { label: text, hint: text }),
          button('v1:retry:2', { label: text, disabled: true }),
        ],
        footer: text,
      });
      for (const card of [true, false]) {
        const { rendered, checked } = look(everywhere, card);
        expect(checked.error, checked.faults.join()).toBeNull();
        expect(checked.effects).toEqual({ pings: [], links: [], formats: [] });
        // One line each: title, its line and, where they differ, the quote.
        expect(checked.seen).not.toMatch(/[\u0000-\u0009\u202a-\u202e\u2066-\u2069\u200b]/);
        expect(rendered.text.split('\n').length).toBeLessThanOrEqual(2);
      }
    },
  );

  it('is taken by Slack whatever it is made of', () => {
    const random = chance(7);
    const some = (most: number) => Math.floor(random() * most);
    for (let round = 0; round < 60; round += 1) {
      const mention = pick(random, [
        null,
        { surface: 'slack', id: 'U0ADA', name: pick(random, hostile) },
        { surface: 'slack', id: pick(random, hostile), name: 'Eve' },
        { surface: 'discord', id: '77', name: pick(random, hostile) },
      ]);
      const text = message(pick(random, ['good', 'bad', 'quiet'] as const), pick(random, hostile), {
        mention,
        lines: Array.from({ length: some(130) }, () => ({
          tone: 'bad',
          name: pick(random, ['', 'bet9ja', pick(random, hostile)]),
          text: pick(random, hostile),
        })),
        quote: random() < 0.5 ? null : pick(random, hostile),
        buttons: Array.from({ length: some(150) }, (_, index) =>
          button(`v1:retry:${index}${random() < 0.05 ? 'x'.repeat(80) : ''}`, {
            label: pick(random, hostile),
            hint: random() < 0.5 ? null : pick(random, hostile),
            disabled: random() < 0.3,
          }),
        ),
        footer: random() < 0.5 ? null : pick(random, hostile),
      });
      const { checked } = look(text, random() < 0.5);
      expect(checked.error, `round ${round}: ${checked.faults.join()}`).toBeNull();
      const pings = mention?.id === 'U0ADA' ? ['<@U0ADA>'] : [];
      expect(checked.effects).toEqual({ pings, links: [], formats: [] });
    }
  });
});
