/** Answers to interactions: once, within three seconds, and then edits of that first answer. */
import * as checks from './checks.ts';
import { shownText } from './text.ts';
import {
  asText,
  messageJson,
  Refusal,
  snowflake,
  type FakeInteraction,
  type FakeMessage,
  type Json,
  type World,
} from './world.ts';

const EPHEMERAL = 1 << 6;

/** `POST /interactions/:id/:token/callback`. */
export function answerCallback(world: World, call: { body: Json }, [id, token]: string[]): null {
  const interaction = world.interactions.get(id ?? '');
  if (interaction === undefined || interaction.token !== token) throw new Refusal(404, 10062, 'Unknown interaction');
  if (interaction.acked !== null) throw new Refusal(400, 40060, 'Interaction has already been acknowledged.');
  if (Date.now() - interaction.bornAt > world.ackMs) throw new Refusal(404, 10062, 'Unknown interaction');
  checks.checkCallback(world, call.body);
  const { type } = call.body;
  const data = (call.body['data'] ?? {}) as Json;
  interaction.acked = Number(type);
  interaction.private = (Number(data['flags'] ?? 0) & EPHEMERAL) !== 0;
  if (type === 4) showOriginal(world, interaction, data);
  if (type === 5) interaction.deferred = true;
  if (type === 8) interaction.answered.resolve({ kind: 'choices', choices: data['choices'] as never });
  if (type === 9) {
    if (interaction.type === 5) throw new Refusal(400, 50035, 'a form cannot answer a form');
    interaction.answered.resolve({ kind: 'form', modal: data });
  }
  return null;
}

/** `PATCH /webhooks/:application/:token/messages/@original`. */
export function answerWebhook(world: World, call: { body: Json }, [application, token]: string[]): Json {
  const interaction = [...world.interactions.values()].find((one) => one.token === token);
  if (interaction === undefined || application !== world.application.id) {
    throw new Refusal(404, 10015, 'Unknown Webhook');
  }
  if (!interaction.deferred && interaction.original === null) throw new Refusal(404, 10008, 'Unknown Message');
  checks.checkFollowUp(world, call.body);
  interaction.deferred = false;
  return messageJson(showOriginal(world, interaction, call.body));
}

function showOriginal(world: World, interaction: FakeInteraction, body: Json): FakeMessage {
  const message: FakeMessage = {
    id: interaction.original?.id ?? snowflake(),
    channel: asText(interaction.payload['channel_id']),
    author: world.bot,
    content: asText(body['content']),
    components: (body['components'] ?? []) as Json[],
    attachments: [],
    flags: Number(body['flags'] ?? 0),
    nonce: null,
    edits: interaction.original === null ? 0 : interaction.original.edits + 1,
  };
  interaction.original = message;
  if (!interaction.private) world.messages.set(message.id, message);
  const text = shownText(message);
  interaction.answered.resolve({ kind: 'message', private: interaction.private, text, message });
  return message;
}
