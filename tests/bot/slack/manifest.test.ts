import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createAppLink, methodScopes, scopes, slackManifest } from '#bot/slack/manifest.ts';
import { methods } from '../../fakes/slack/methods.ts';
import { readManifest } from '../../fakes/slack/index.ts';

const manifest = slackManifest(null);
const folder = new URL('../../../bot/slack/', import.meta.url);

/** The sources of the surface, without the one that names the methods. */
const sources = readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && name !== 'manifest.ts')
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .join('\n');

/** Methods that a source calls, by the way the library spells them: `client.chat.update(…)` or `{ update } = client.chat`. */
function calledMethods(text: string): string[] {
  const paths = [...text.matchAll(/\b(?:client|quick|posting)\.([a-z]+(?:\.[a-zA-Z]+)+)\(/g)].map(
    (match) => match[1] ?? '',
  );
  const taken = [...text.matchAll(/const \{([^}]*)\} = client\.([a-z]+);/g)].flatMap(([, names = '', family = '']) =>
    names.split(',').map((name) => `${family}.${name.split(':')[0]?.trim()}`),
  );
  return [...new Set([...paths, ...taken])].sort();
}

describe("the app's manifest", () => {
  it('is the same as a file to paste and as the types of Slack check it', () => {
    expect(readManifest()).toEqual(manifest);
  });

  it('listens to exactly what the code listens to', () => {
    const listeners = readFileSync(new URL('listeners.ts', folder), 'utf8');
    expect([...listeners.matchAll(/app\.(command|event|shortcut)\(([A-Z]+),/g)].map((match) => match[2])).toEqual([
      'COMMAND',
      'SHORTCUT',
      'EVENT',
    ]);
    expect(manifest.features.slash_commands).toHaveLength(1);
    expect(manifest.features.shortcuts).toHaveLength(1);
    expect(manifest.settings.event_subscriptions.bot_events).toHaveLength(1);
    expect(manifest.settings).toMatchObject({ interactivity: { is_enabled: true }, socket_mode_enabled: true });
  });

  it('asks for a right for every method that is called, and names no method that is not', () => {
    expect(calledMethods(sources)).toEqual(Object.keys(methodScopes).sort());
  });

  it('asks for no right that nothing uses', () => {
    const used = new Set([...Object.values(methodScopes).flat(), 'commands', 'app_mentions:read']);
    expect(new Set(Object.keys(scopes))).toEqual(used);
    expect(manifest.oauth_config.scopes.bot).toEqual(Object.keys(scopes));
  });

  it('is what the fake of Slack grants, which knows the same rights for the same methods', () => {
    for (const [name, { scope }] of Object.entries(methods)) {
      expect(methodScopes[name]?.[0] ?? null, name).toBe(scope);
    }
  });

  it('sends everything to one address of ours over HTTP', () => {
    const url = 'https://scrape.example.com/slack/events';
    const http = slackManifest('https://scrape.example.com');
    expect(http.settings).toMatchObject({
      event_subscriptions: { request_url: url },
      interactivity: { request_url: url },
      socket_mode_enabled: false,
    });
    expect(http.features.slash_commands[0]).toMatchObject({ url });
    expect(JSON.stringify(manifest)).not.toContain('url"');
  });

  it('can be brought along by a link', () => {
    const link = new URL(createAppLink(null));
    expect(link.origin + link.pathname).toBe('https://api.slack.com/apps');
    expect(JSON.parse(link.searchParams.get('manifest_json') ?? '')).toEqual(manifest);
    expect(readFileSync(new URL('../../docs/slack.md', folder), 'utf8')).toContain(link.href);
  });

  it('keeps to the lengths Slack allows', () => {
    for (const { command, description, usage_hint } of manifest.features.slash_commands) {
      expect(command.length).toBeLessThanOrEqual(32);
      expect(description.length).toBeLessThanOrEqual(2_000);
      expect(usage_hint.length).toBeLessThanOrEqual(1_000);
    }
    for (const { name, description } of manifest.features.shortcuts) {
      expect(name.length).toBeLessThanOrEqual(24);
      expect(description.length).toBeLessThanOrEqual(150);
    }
  });
});
