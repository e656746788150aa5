import { describe, expect, it } from 'vitest';
import { COMMAND, EVENT, SHORTCUT } from '#bot/slack/listeners.ts';
import { methods } from '../../fakes/slack/methods.ts';
import { readManifest } from '../../fakes/slack/index.ts';

const manifest = readManifest();

describe("the app's manifest", () => {
  it('names the command, the shortcut and the event that are listened to, and no others', () => {
    const { slash_commands: commands, shortcuts } = manifest.features;
    expect(commands.map(({ command }) => command)).toEqual([COMMAND]);
    expect(shortcuts.map(({ type, callback_id }) => [type, callback_id])).toEqual([['message', SHORTCUT]]);
    expect(manifest.settings.event_subscriptions.bot_events).toEqual([EVENT]);
    expect(manifest.settings).toMatchObject({ interactivity: { is_enabled: true }, socket_mode_enabled: true });
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

  it('asks for the rights the calls need, and for no right that nothing uses', () => {
    // The fake grants these alone, so a call that needs more fails in every test beside this one.
    const used = [
      'chat.postMessage',
      'chat.update',
      'chat.postEphemeral',
      'conversations.history',
      'conversations.replies',
      'users.info',
    ];
    const called = used.flatMap((method) => methods[method]?.scope ?? []);
    // Private channels have a right of their own; the command and the mention are rights too.
    const wanted = new Set([...called, 'groups:history', 'commands', 'app_mentions:read']);
    expect(new Set(manifest.oauth_config.scopes.bot)).toEqual(wanted);
  });
});
