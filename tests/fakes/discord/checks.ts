/** Whether Discord would take a body: the official schemas, and the rules that they do not hold. */
import * as spec from 'discord-api-spec/zod';
import { everyComponent, markdownOf, readMarkdown } from './text.ts';
import { asText, Refusal, type Json, type World } from './world.ts';

const V2 = 1 << 15;
const EPHEMERAL = 1 << 6;

type Schema = typeof spec.MessageCreateRequestSchema;

/** Refuses a body as HTTP 400, code 50035, and remembers why. */
function refuse(world: World, why: string): never {
  world.complaints.push(why);
  throw new Refusal(400, 50035, `Invalid Form Body: ${why}`);
}

function fits(world: World, schema: Schema, body: unknown, what: string): void {
  const result = schema.safeParse(body);
  if (result.success) return;
  const issues = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  refuse(world, `${what}: ${issues.join('; ')}`);
}

export function checkMessage(world: World, body: Json): void {
  fits(world, spec.MessageCreateRequestSchema, body, 'message');
  const nonce = asText(body['nonce']);
  if (nonce.length > 25) refuse(world, 'nonce: longer than 25');
  // Discord would take it; ours always enforce one, or a second try would be a second message.
  if (nonce === '' || body['enforce_nonce'] !== true) refuse(world, 'nonce: none is enforced');
  checkContents(world, body, V2, leaveOf(body));
  world.notified.push(...leaveOf(body).filter((id) => markdownOf(body).some((text) => text.includes(`<@${id}>`))));
}

/** Largest file that a server without boosts takes, bytes. */
const FILE_BYTES = 10 * 1024 * 1024;

/** Attachments and the files that came with them, and the components that show them. */
export function checkFiles(world: World, body: Json, files: ReadonlyMap<string, { name: string; bytes: Uint8Array }>) {
  const attachments = (body['attachments'] ?? []) as Json[];
  for (const attachment of attachments) {
    const file = files.get(asText(attachment['id']));
    if (file === undefined) refuse(world, `attachment ${asText(attachment['id'])}: no such file came with it`);
    if (file.bytes.byteLength > FILE_BYTES) throw new Refusal(413, 40005, 'Request entity too large');
  }
  if (files.size !== attachments.length) refuse(world, 'files: one came that no attachment names');
  const names = attachments.map((attachment) => asText(attachment['filename']));
  checkFileReferences(world, body, names);
  const shown = everyComponent((body['components'] ?? []) as Json[]).filter((one) => one['type'] === 13);
  if (shown.length < names.length)
    refuse(world, 'attachment: with components V2 a file is only seen in a file component');
}

/** A file component shows an attachment of its own message. */
export function checkFileReferences(world: World, body: Json, names: readonly string[]): void {
  for (const component of everyComponent((body['components'] ?? []) as Json[])) {
    if (component['type'] !== 13) continue;
    const url = asText((component['file'] as Json | undefined)?.['url']);
    if (!names.some((name) => url === `attachment://${name}`)) refuse(world, `file: ${url} is no attachment`);
  }
}

export function checkEdit(world: World, body: Json, before: number): void {
  fits(world, spec.MessageEditRequestPartialSchema, body, 'edit');
  const flags = Number(body['flags'] ?? before);
  if ((before & V2) !== 0 && (flags & V2) === 0) refuse(world, 'flags: components V2 cannot be taken back');
  if (leaveOf(body).length > 0) refuse(world, 'allowed_mentions: an edit asks to ping');
  // A mention that has pinged stays in the text; an edit pings nobody by it.
  checkContents(world, { ...body, flags }, V2, world.notified);
}

export function checkFollowUp(world: World, body: Json): void {
  fits(world, spec.IncomingWebhookUpdateForInteractionCallbackRequestPartialSchema, body, 'answer');
  checkContents(world, body, V2 | EPHEMERAL);
}

export function checkThread(world: World, body: Json): void {
  fits(world, spec.CreateTextThreadWithMessageRequestSchema, body, 'thread');
  if (asText(body['name']).length < 1) refuse(world, 'thread: name is empty');
}

export function checkCommands(world: World, body: unknown): void {
  if (!Array.isArray(body)) refuse(world, 'commands: not a list');
  for (const command of body as Json[]) {
    // The schema's one error: it types the permissions, which are a string, as a number.
    fits(
      world,
      spec.ApplicationCommandUpdateRequestSchema,
      { ...command, default_member_permissions: null },
      'command',
    );
    checkOptions(world, (command['options'] ?? []) as Json[]);
    if (!/^[-_\p{Ll}\p{N}]{1,32}$/u.test(asText(command['name']))) refuse(world, 'command: bad name');
    if (JSON.stringify(command).length > 8_000) refuse(world, 'command: longer than 8,000 characters');
  }
}

function checkOptions(world: World, options: readonly Json[]): void {
  const names = options.map((option) => asText(option['name']));
  if (new Set(names).size !== names.length) refuse(world, 'option: name used twice');
  if (options.length > 25) refuse(world, 'option: more than 25');
  let optional = false;
  for (const option of options) {
    if (!/^[-_\p{Ll}\p{N}]{1,32}$/u.test(asText(option['name']))) refuse(world, 'option: bad name');
    const description = asText(option['description']);
    if (description.length < 1 || description.length > 100) refuse(world, 'option: bad description');
    if (option['type'] !== 1 && option['required'] === true && optional)
      refuse(world, 'option: required after optional');
    optional ||= option['required'] !== true;
    if (option['type'] === 1) checkOptions(world, (option['options'] ?? []) as Json[]);
  }
}

export function checkCallback(world: World, body: Json): void {
  switch (body['type']) {
    case 4: {
      fits(world, spec.CreateMessageInteractionCallbackRequestSchema, body, 'callback');
      return checkContents(world, (body['data'] ?? {}) as Json, V2 | EPHEMERAL);
    }
    case 5:
    case 6:
      return;
    case 8: {
      fits(world, spec.ApplicationCommandAutocompleteCallbackRequestSchema, body, 'choices');
      return;
    }
    case 9:
      fits(world, spec.ModalInteractionCallbackRequestSchema, body, 'modal');
      return checkModal(world, (body['data'] ?? {}) as Json);
    default:
      refuse(world, `callback: type ${asText(body['type'])} is unknown`);
  }
}

function checkModal(world: World, modal: Json): void {
  const components = modal['components'] as Json[];
  if (components.length < 1 || components.length > 5) refuse(world, 'modal: 1 to 5 components');
  if (asText(modal['title']).length > 45) refuse(world, 'modal: title longer than 45');
  for (const component of components) {
    if (component['type'] === 18 && asText(component['label']).length > 45) refuse(world, 'label: longer than 45');
    const box = (component['component'] ?? {}) as Json;
    if (box['type'] === 22 && ((box['options'] as Json[]).length < 2 || (box['options'] as Json[]).length > 10))
      refuse(world, 'checkbox group: 2 to 10 options');
  }
  checkComponents(world, components);
}

/** The people a body asks leave to ping. */
function leaveOf(body: Json): string[] {
  const mentions = body['allowed_mentions'] as { users?: string[] } | undefined;
  return mentions?.users ?? [];
}

/** The rules of a message's contents; notes what it would have pinged or linked. */
function checkContents(world: World, body: Json, allowedFlags: number, mayMention: readonly string[] = []): void {
  const mentions = body['allowed_mentions'] as Json | undefined;
  if (JSON.stringify(mentions?.['parse']) !== '[]') refuse(world, 'allowed_mentions: parse is not []');
  const flags = Number(body['flags'] ?? 0);
  if ((flags & ~allowedFlags) !== 0) refuse(world, `flags: ${flags} holds one that is not allowed`);
  const content = typeof body['content'] === 'string' ? body['content'] : '';
  if (content.length > 2_000) refuse(world, 'content: longer than 2,000');
  const components = (body['components'] ?? []) as Json[];
  const texts = markdownOf(body);
  if ((flags & V2) !== 0) {
    if (content !== '' || body['embeds'] !== undefined) refuse(world, 'components V2 with content or embeds');
    if (components.length === 0) refuse(world, 'message: empty');
    if (texts.join('').length > 4_000) refuse(world, 'components: more than 4,000 characters');
  } else {
    if (content === '' && components.length === 0) refuse(world, 'message: empty');
    if (components.some((component) => component['type'] !== 1)) refuse(world, 'components: V2 without its flag');
  }
  checkComponents(world, components);
  for (const text of texts) {
    const { pings, links } = readMarkdown(text);
    world.pings.push(...pings.filter((ping) => !mayMention.some((id) => ping === `<@${id}>`)));
    world.links.push(...links);
  }
}

function checkComponents(world: World, components: readonly Json[]): void {
  const all = everyComponent(components);
  if (all.length > 40) refuse(world, `components: ${all.length}, more than 40`);
  const ids = all.map((component) => component['custom_id']).filter((id) => id !== undefined);
  if (new Set(ids).size !== ids.length) refuse(world, 'custom_id: used twice');
  const numbers = all.map((component) => component['id']).filter((id) => id !== undefined && id !== 0);
  if (new Set(numbers).size !== numbers.length) refuse(world, 'id: used twice');
  for (const component of all) {
    const options = (component['options'] ?? []) as Json[];
    const values = options.map((option) => option['value']);
    if (options.length > 25) refuse(world, 'select: more than 25 options');
    if (new Set(values).size !== values.length) refuse(world, 'select: value used twice');
    if (component['type'] === 2 && asText(component['label']).length > 80) refuse(world, 'label: longer than 80');
    if (component['type'] === 2) checkButton(world, component);
    if (component['type'] === 10 && asText(component['content']).trim() === '') refuse(world, 'text: empty');
    if (component['type'] === 1) checkRow(world, component['components'] as Json[]);
  }
}

function checkButton(world: World, button: Json): void {
  const isLink = button['style'] === 5;
  if (isLink === (button['url'] === undefined)) refuse(world, 'button: a link has an url, and nothing else has');
  if (isLink === (button['custom_id'] !== undefined)) refuse(world, 'button: a link has no custom_id, the others have');
  const url = asText(button['url']);
  if (isLink && (!/^(?:https?|discord):\/\//.test(url) || url.length > 512)) refuse(world, 'button: not an url');
}

function checkRow(world: World, parts: readonly Json[]): void {
  const selects = parts.filter((part) => part['type'] !== 2);
  if (parts.length < 1 || parts.length > 5 || (selects.length > 0 && parts.length > 1)) refuse(world, 'row: too full');
}
