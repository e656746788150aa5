/** A person in the server: types commands, presses buttons, sends forms, and sees what comes back. */
import { everyComponent } from './text.ts';
import {
  asText,
  channelJson,
  messageJson,
  snowflake,
  type FakeInteraction,
  type FakeMessage,
  type Json,
  type Outcome,
  type World,
} from './world.ts';

const EPHEMERAL = 1 << 6;

/** Who acts; left out, it is Ada without roles. */
export interface Who {
  userId?: string;
  name?: string;
  roles?: string[];
  bot?: boolean;
  /** Another server than the one the bot is set up for. */
  elsewhere?: boolean;
  /** The channel or thread it happens in; left out, the channel. */
  channel?: string;
  /** Has not accepted the server's rules yet. */
  pending?: boolean;
  /** The components as the person still sees them, when the message has changed since. */
  shown?: Json[];
  /** Changes the payload before it is sent, as nobody in front of Discord could. */
  forge?: (payload: Json) => Json;
}

export interface People {
  /** `/scrape <name> …`; options by name. */
  command(name: string, options?: Record<string, string | number>, who?: Who): Promise<Outcome>;
  /** Presses the button with this id, or takes the option with this value from a menu of the message. */
  press(messageId: string, customId: string, who?: Who): Promise<Outcome>;
  /** Presses a button of a private answer. */
  pressPrivate(answer: FakeMessage, customId: string, who?: Who): Promise<Outcome>;
  /** Sends a form that was shown: the values ticked, and what was written where it asks for a text. */
  submit(modal: Json, values: readonly string[], who?: Who & { text?: string }): Promise<Outcome>;
  /** Types into an option of `/scrape <name>`. */
  autocomplete(
    name: string,
    option: string,
    typed: string,
    others?: Record<string, string | number>,
    who?: Who,
  ): Promise<Outcome>;
  /** The newest interaction comes once more, as it does after a resume. */
  redeliver(): void;
  /** Ids of every interaction so far. */
  asked(): string[];
  stop(): void;
}

export function createPeople(world: World): People {
  const timers = new Set<NodeJS.Timeout>();
  let newest: FakeInteraction | null = null;
  let pressed: FakeMessage | null = null;

  function interact(type: number, data: Json, who: Who, more: Json = {}): Promise<Outcome> {
    const id = snowflake();
    const user = {
      id: who.userId ?? '1001',
      username: 'ada',
      global_name: who.name ?? 'Ada',
      discriminator: '0',
      avatar: null,
      ...(who.bot === true ? { bot: true } : {}),
    };
    const channel = world.channels.get(who.channel ?? world.channel);
    if (channel === undefined) throw new Error('there is no such channel');
    const guild = who.elsewhere === true ? world.otherGuild : world.guild;
    const interaction: FakeInteraction = {
      id,
      token: `interaction-token-${id}`,
      type,
      bornAt: Date.now(),
      payload: {},
      acked: null,
      private: false,
      deferred: false,
      original: null,
      answered: Promise.withResolvers(),
    };
    interaction.payload = {
      id,
      application_id: world.application.id,
      type,
      token: interaction.token,
      version: 1,
      guild_id: guild,
      channel_id: channel.id,
      channel: { ...channelJson(world, channel), permissions: '0' },
      member: {
        user,
        roles: who.roles ?? [],
        nick: null,
        avatar: null,
        joined_at: new Date(0).toISOString(),
        deaf: false,
        mute: false,
        flags: 0,
        permissions: '0',
        pending: who.pending ?? false,
      },
      locale: 'en-US',
      guild_locale: 'en-US',
      app_permissions: '0',
      entitlements: [],
      authorizing_integration_owners: { 0: guild },
      context: 0,
      attachment_size_limit: 10_000_000,
      data,
      ...more,
    };
    if (who.forge !== undefined) interaction.payload = who.forge(interaction.payload);
    world.interactions.set(id, interaction);
    newest = interaction;
    // The client says “did not respond” when there is no first answer in time.
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (interaction.acked === null) interaction.answered.resolve({ kind: 'failed' });
    }, world.ackMs + 50);
    timers.add(timer);
    world.dispatch('INTERACTION_CREATE', interaction.payload);
    return interaction.answered.promise;
  }

  function commandData(name: string, options: Record<string, string | number>, focused?: string): Json {
    const command = world.commands.find((one) => one['name'] === 'scrape');
    const offered = (command?.['options'] as Json[] | undefined)?.find((one) => one['name'] === name);
    if (command === undefined || offered === undefined) throw new Error(`Discord knows no /scrape ${name}`);
    const given = Object.entries(options).map(([option, value]) => {
      const known = ((offered['options'] ?? []) as Json[]).find((one) => one['name'] === option);
      if (known === undefined) throw new Error(`/scrape ${name} has no option ${option}`);
      if (option === focused) return { name: option, type: known['type'], value: String(value), focused: true };
      if (known['type'] === 4 && !Number.isSafeInteger(value)) throw new Error(`${option} is a number`);
      return { name: option, type: known['type'], value };
    });
    return {
      id: command['id'],
      name: 'scrape',
      type: 1,
      guild_id: world.guild,
      options: [{ name, type: 1, options: given }],
    };
  }

  return {
    command: async (name, options = {}, who = {}) => interact(2, commandData(name, options), who),
    async press(messageId, customId, who = {}) {
      const message = world.messages.get(messageId);
      if (message === undefined) throw new Error('there is no such message');
      const all = everyComponent(who.shown ?? message.components);
      const button = all.find((one) => one['type'] === 2 && one['custom_id'] === customId && one['disabled'] !== true);
      const menu = all.find(
        (one) => one['type'] === 3 && (one['options'] as Json[]).some((o) => o['value'] === customId),
      );
      const data =
        button !== undefined
          ? { custom_id: customId, component_type: 2, id: 1 }
          : { custom_id: menu?.['custom_id'], component_type: 3, values: [customId], id: 1 };
      if (button === undefined && menu === undefined) throw new Error(`the message has no button ${customId}`);
      const place = { channel: message.channel, ...who };
      pressed = message;
      return interact(3, data, place, { message: messageJson(message) });
    },
    async pressPrivate(answer, customId, who = {}) {
      pressed = answer;
      const data = { custom_id: customId, component_type: 2, id: 1 };
      const message = { ...messageJson(answer), flags: answer.flags | EPHEMERAL };
      return interact(3, data, who, { message });
    },
    async submit(modal, values, { text: written = '', ...who } = {}) {
      const components = (modal['components'] as Json[]).map((component) => {
        if (component['type'] !== 18) return { type: component['type'], id: 1 };
        const box = component['component'] as Json;
        if (box['type'] === 4) {
          const [least, most] = [Number(box['min_length'] ?? 0), Number(box['max_length'] ?? 4_000)];
          // Discord's own window does not let go of what does not fit.
          if (written.length < least || written.length > most) throw new Error('the form cannot be sent: its text');
          return { type: 18, id: 1, component: { type: 4, id: 1, custom_id: box['custom_id'], value: written } };
        }
        const offered = (box['options'] as Json[]).map((option) => asText(option['value']));
        const ticked = values.filter((value) => offered.includes(value));
        return {
          type: 18,
          id: 1,
          component: { type: box['type'], id: 1, custom_id: box['custom_id'], values: ticked },
        };
      });
      // A form knows the message whose button opened it.
      const from = pressed === null ? {} : { message: messageJson(pressed) };
      return interact(5, { custom_id: modal['custom_id'], components }, who, from);
    },
    autocomplete: async (name, option, typed, others = {}, who = {}) =>
      interact(4, commandData(name, { ...others, [option]: typed }, option), who),
    redeliver() {
      if (newest !== null) world.dispatch('INTERACTION_CREATE', newest.payload);
    },
    asked: () => [...world.interactions.keys()],
    stop() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
