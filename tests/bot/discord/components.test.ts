import { describe, expect, it } from 'vitest';
import { message, type Button, type Line, type Message, type Tone } from '#bot/chat/message.ts';
import { mentioned, toComponents } from '#bot/discord/components.ts';
import { markOf } from '#bot/discord/names.ts';
import { checkMessage } from '../../fakes/discord/checks.ts';
import { everyComponent, shownText } from '../../fakes/discord/text.ts';
import { createWorld, type Json } from '../../fakes/discord/world.ts';
import { chance, pick as pickBy } from '../../helpers/chance.ts';
import { hostile } from '../../helpers/hostile.ts';

const tones: Tone[] = ['running', 'good', 'warning', 'bad', 'quiet'];
/** Takes a message the way Discord does; throws when it would be refused. */
function deliver(said: Message) {
  const world = createWorld({ token: 't', ackMs: 1 });
  const components = toComponents(said, markOf('test', { runId: 1, slot: 'card' })) as unknown as Json[];
  const who = mentioned(said);
  const allowed_mentions = { parse: [], ...(who === null ? {} : { users: [who] }) };
  checkMessage(world, { components, flags: 1 << 15, allowed_mentions, nonce: 'n', enforce_nonce: true });
  const { pings, links, notified } = world;
  return { components, text: shownText({ components }), pings, links, notified };
}

function retry(platform: string, given: Partial<Button> = {}): Button {
  return { id: `v1:retry:42:${platform}`, label: `Retry ${platform} (1/3)`, hint: null, disabled: false, ...given };
}

function line(name: string, text: string, tone: Tone = 'bad'): Line {
  return { tone, name, text };
}

describe('what a message becomes in Discord', () => {
  it('is taken by Discord, pings nobody but whom it is to mention, and links nowhere, whatever it holds', () => {
    const next = chance(42);
    const random = (below: number) => Math.floor(next() * below);
    const pick = <T>(from: readonly T[]): T => pickBy(next, from);
    for (let round = 0; round < 120; round++) {
      const said: Message = {
        tone: pick(tones),
        mention: pick([
          null,
          { surface: 'discord', id: '77', name: pick(hostile) },
          { surface: 'discord', id: pick(hostile), name: 'Eve' },
          { surface: 'slack', id: '78', name: pick(hostile) },
        ]),
        title: pick(hostile),
        lines: Array.from({ length: random(70) }, (_, index) =>
          line(pick([`p${index}`, '', pick(hostile)]), pick(hostile), pick(tones)),
        ),
        quote: pick([null, ...hostile]),
        buttons: Array.from({ length: random(pick([3, 8, 80])) }, (_, index) =>
          retry(`p${index}`, {
            label: pick(hostile),
            hint: pick([null, ...hostile]),
            disabled: random(4) === 0,
            ...(random(10) === 0 ? { id: pick(['', 'x'.repeat(300), 'v1:retry:42:p0']) } : {}),
          }),
        ),
        footer: pick([null, ...hostile]),
        link: pick([null, { label: pick(hostile), url: 'https://discord.com/channels/1/2/3' }]),
        file: null,
      };
      const { pings, links, notified } = deliver(said);
      const asked = said.mention?.id === '77' ? ['77'] : [];
      expect({ round, pings, links, notified }).toEqual({ round, pings: [], links: [], notified: asked });
    }
  });

  it('shows hostile text literally, on one line', () => {
    const text = '<@U1> @everyone [x](http://evil) **not bold** `code` ||gone|| # no title';
    const said = message('bad', `title ${text}`, { lines: [line('bet9ja', text)], quote: text, footer: text });
    const lines = deliver(said).text.split('\n');
    expect(lines.filter((shown) => shown.includes(text))).toHaveLength(4);
    expect(deliver(message('bad', `${'\n'.repeat(10_000)}✅ done`)).text).toBe('❌ ✅ done');
  });

  it('drops what would turn the reading direction', () => {
    expect(deliver(message('bad', 'a\u202eb\u200bc')).text).toBe('❌ abc');
  });

  it('keeps a quotation inside its block, with fences pulled apart', () => {
    const { components } = deliver(message('bad', 'broke', { quote: 'a ``` b `````` c' }));
    const block = everyComponent(components).find((one) => String(one['content']).startsWith('```'));
    expect(String(block?.['content']).slice(4, -4)).not.toContain('``');
  });

  it('puts the button of a platform beside its line, with what pressing will do', () => {
    const said = message('warning', 'Run 42', {
      lines: [line('sportybet', 'all there', 'good'), line('bet9ja', '31 of 48 events')],
      buttons: [retry('bet9ja', { hint: 'from extract, 31 of 48 events kept' })],
    });
    const { components, text } = deliver(said);
    const section = everyComponent(components).find((one) => one['type'] === 9);
    expect(JSON.stringify(section)).toMatch(/bet9ja.*31 of 48 events.*from extract.*v1:retry:42:bet9ja/);
    expect(text.match(/from extract/g)).toHaveLength(1);
  });

  it('folds 60 platforms with 5,000 characters each, and keeps what broke', () => {
    const lines = Array.from({ length: 60 }, (_, index) =>
      line(`p${index}`, 'e'.repeat(5_000), index % 10 === 5 ? 'bad' : 'good'),
    );
    const { text } = deliver(message('bad', 'Run 42', { lines }));
    for (const name of ['p5', 'p15', 'p25', 'p35', 'p45', 'p55']) expect(text).toContain(`❌ ${name} `);
    expect(text).toMatch(/… and \d+ more/);
  });

  it('shows 14 short platforms without folding any', () => {
    const lines = Array.from({ length: 14 }, (_, index) => line(`platform${index}`, '48 of 48 events', 'good'));
    expect(deliver(message('good', 'Run 42', { lines })).text).not.toContain('more');
  });

  it('turns more buttons than fit into menus that carry the same actions', () => {
    const buttons = Array.from({ length: 60 }, (_, index) => retry(`p${index}`, { hint: `hint ${index}` }));
    const all = everyComponent(deliver(message('bad', 'Run 42', { buttons })).components);
    const options = all.filter((one) => one['type'] === 3).flatMap((menu) => menu['options'] as Json[]);
    expect(options.map((option) => option['value'])).toEqual(buttons.slice(0, 50).map((button) => button.id));
    expect(options[7]).toMatchObject({ label: 'Retry p7 (1/3)', description: 'hint 7' });
  });

  it('takes as many lines with a button as fit, and puts the other buttons into a menu', () => {
    const lines = Array.from({ length: 30 }, (_, index) =>
      line(`p${index}`, 'broke', index % 2 === 0 ? 'bad' : 'good'),
    );
    const buttons = Array.from({ length: 15 }, (_, index) => retry(`p${index * 2}`));
    const all = everyComponent(
      deliver(message('bad', 'Run 42', { lines, buttons, quote: 'q', footer: 'f' })).components,
    );
    const offered = all.flatMap((one) =>
      one['type'] === 2 ? [one['custom_id']] : ((one['options'] ?? []) as Json[]).map((option) => option['value']),
    );
    expect(new Set(offered)).toEqual(new Set(buttons.map((button) => button.id)));
    expect(offered).toHaveLength(buttons.length);
    expect(all.filter((one) => one['type'] === 9)).toHaveLength(6);
  });

  it.each([4, 9, 15])(
    'says once of each of %i buttons what it will do: at its line, in a note or in a menu',
    (count) => {
      const lines = Array.from({ length: count }, (_, index) => line(`p${index}`, 'broke'));
      const buttons = lines.map(({ name }) => retry(name, { hint: `this redoes ${name}.` }));
      const all = everyComponent(deliver(message('bad', 'Run 42', { lines, buttons })).components);
      const said = all.flatMap((one) => [
        one['content'],
        ...((one['options'] ?? []) as Json[]).map((option) => option['description']),
      ]);
      for (const { hint } of buttons) expect(said.join('\n').split(hint ?? '')).toHaveLength(2);
    },
  );

  it('opens what it speaks of in the client, by a button that asks us for nothing', () => {
    const link = { label: 'Follow run 43', url: 'https://discord.com/channels/1/2/3' };
    const { components, links } = deliver(message('good', 'Run 43 retries bet9ja.', { link }));
    const button = { type: 2, style: 5, label: link.label, url: link.url };
    expect(components).toMatchObject([{ components: [{}, { type: 1, components: [button] }] }]);
    expect(links).toEqual([]);
    const endless = { ...link, url: `https://discord.com/${'x'.repeat(500)}` };
    expect(deliver(message('good', 'a', { link: endless })).components).toMatchObject([{ components: [{}] }]);
  });

  it('shows a button that is none any more as a note, in full', () => {
    const label = 'Retried (2/3) in run 43 by Grace Brewster Murray Hopper, from Slack: partial, 31 of 48 events';
    const { components, text } = deliver(
      message('warning', 'broke', { buttons: [retry('bet9ja', { label, disabled: true })] }),
    );
    expect(text).toContain(label);
    expect(everyComponent(components).some((one) => one['type'] === 2)).toBe(false);
  });
});
