/** A person's side of the fake: commands, presses, forms, mentions, shortcuts, and what came back privately. */
import { createHmac } from 'node:crypto';
import { checkMessage, checkView } from './check-message.ts';
import type { Acknowledgement } from './socket-mode.ts';
import type { PrivateAnswer, State, StoredMessage } from './state.ts';

type Json = Record<string, unknown>;

/** What a person did, and what became of it. */
export interface Interaction extends Acknowledgement {
  /** Private answers of this person since, live. */
  answers(): PrivateAnswer[];
  /** Delivers the same again, as Slack does when it heard nothing: same payload, new envelope. */
  again(): Promise<Interaction>;
}

/** Who does it, when it is not Ada. */
export interface Doer {
  user?: string;
  channel?: string;
  /** The blocks as the person still sees them, when the message has changed since. */
  shown?: Json[];
  /** Changes the payload before it is sent, as nobody in front of Slack could. */
  forge?: (payload: Json) => Json;
}

type Envelope = 'slash_commands' | 'interactive' | 'events_api';

/** Makes the person's side. `deliver` sends an envelope over a socket; with `http`, requests are signed and posted there. */
export function openPerson(
  state: State,
  responseBase: () => string,
  deliver: (envelope: Json & { envelope_id: string }) => Promise<Acknowledgement>,
) {
  let http: { url: string; secret: string; skewS: number } | null = null;

  async function hand(type: Envelope, payload: Json, user: string, retryNum = 0): Promise<Interaction> {
    const from = state.privately.length;
    const envelope_id = state.id('envelope-');
    const again = retryNum === 0 ? {} : { retry_attempt: retryNum, retry_reason: 'timeout' };
    const envelope = { envelope_id, type, payload, accepts_response_payload: type !== 'events_api', ...again };
    const acknowledgement = http === null ? await deliver(envelope) : await overHttp(http, type, payload, retryNum);
    if (acknowledgement.acked) takeAnswer(acknowledgement.payload, payload, user);
    return {
      ...acknowledgement,
      answers: () => state.privately.slice(from).filter((answer) => answer.user === user),
      again: () => hand(type, payload, user, 1),
    };
  }

  /** An acknowledgement may carry the answer: a private message, or what a modal becomes. */
  function takeAnswer(answer: Json, payload: Json, user: string): void {
    const from = payload['channel_id'];
    const place = { user, channel: typeof from === 'string' ? from : 'modal', thread: null };
    if (payload['type'] === 'block_actions' && Object.keys(answer).length > 0) {
      state.rejected.push('an acknowledgement of block_actions must be empty');
    } else if (answer['response_action'] === 'update') {
      const checked = checkView(answer['view'] as Json);
      if (checked.error !== null) return void state.rejected.push(`view: ${checked.faults.join('; ')}`);
      const view = answer['view'] as Json;
      state.views.push({ id: state.id('V'), hash: state.id('hash'), view, seen: checked.seen });
      state.privately.push({ ...place, seen: checked.seen, blocks: view['blocks'] as Json[] });
    } else if (answer['text'] !== undefined || answer['blocks'] !== undefined) {
      const checked = checkMessage(answer, { text: 40_000, update: false });
      if (answer['response_type'] === 'in_channel') state.rejected.push('a private answer was made public');
      if (checked.error !== null) return void state.rejected.push(`ack: ${checked.error} ${checked.faults.join('; ')}`);
      state.privately.push({ ...place, seen: checked.seen, blocks: (answer['blocks'] ?? []) as Json[] });
    }
  }

  function trigger(): string {
    const id = state.id('trigger-');
    state.triggers.set(id, { at: performance.now(), used: false });
    return id;
  }

  function responseUrl(user: string, channel: string, thread: string | null): string {
    const path = `/response/${state.id('r')}`;
    state.responseUrls.set(path, { user, channel, thread, uses: 0 });
    return `${responseBase()}${path}`;
  }

  function who(user: string): Json {
    const member = state.members.get(user);
    return { id: user, name: member?.name ?? user, username: member?.name ?? user, team_id: member?.team_id };
  }

  function pressOn(at: { message?: StoredMessage; blocks: Json[]; view?: Json }, wanted: string, doer: Doer) {
    const user = doer.user ?? 'U0ADA';
    const channel = at.message?.channel ?? doer.channel ?? 'C0RUNS';
    const thread = at.message?.thread ?? null;
    const action = findAction(doer.shown ?? at.blocks, wanted);
    if (action === null) throw new Error(`there is nothing to press that carries ${wanted}`);
    const payload: Json = {
      type: 'block_actions',
      team: { id: state.team },
      user: who(user),
      trigger_id: trigger(),
      actions: [{ ...action, action_ts: state.ts() }],
    };
    if (at.view !== undefined) Object.assign(payload, { view: at.view, container: { type: 'view' } });
    else {
      Object.assign(payload, { channel: { id: channel }, response_url: responseUrl(user, channel, thread) });
      if (at.message !== undefined) payload['message'] = asSent(at.message);
      payload['container'] = {
        type: 'message',
        message_ts: at.message?.ts ?? state.ts(),
        channel_id: channel,
        is_ephemeral: at.message === undefined,
      };
    }
    return hand('interactive', forged(payload, doer), user);
  }

  return {
    /** From here on everything goes over HTTP, signed. `skewS` is how wrong the sender's clock is, seconds. */
    overHttp(url: string, secret: string, skewS = 0): void {
      http = { url, secret, skewS };
    },
    /** What Slack asks an address before it takes it. */
    async verifyUrl(challenge: string): Promise<Acknowledgement> {
      if (http === null) throw new Error('addresses are only verified over HTTP');
      return overHttp(http, 'events_api', { type: 'url_verification', challenge });
    },
    command(text: string, doer: Doer = {}): Promise<Interaction> {
      const user = doer.user ?? 'U0ADA';
      const channel = doer.channel ?? 'C0RUNS';
      const payload = {
        command: '/scrape',
        text,
        team_id: state.team,
        channel_id: channel,
        user_id: user,
        user_name: user.toLowerCase(),
        trigger_id: trigger(),
        response_url: responseUrl(user, channel, null),
      };
      return hand('slash_commands', payload, user);
    },
    /** Presses what carries this action (or has this action id) in a message. */
    press(ts: string, action: string, doer: Doer = {}): Promise<Interaction> {
      const message = state.messages.find((one) => one.ts === ts);
      if (message === undefined) throw new Error(`there is no message ${ts}`);
      return pressOn({ message, blocks: message.blocks }, action, doer);
    },
    /** Presses what carries this action in a private answer, or in a modal's. */
    pressPrivate(answer: PrivateAnswer, action: string, doer: Doer = {}): Promise<Interaction> {
      const shown = state.views.findLast((one) => one.view['blocks'] === answer.blocks);
      const view = shown === undefined ? undefined : { id: shown.id, hash: shown.hash, ...shown.view };
      return pressOn({ blocks: answer.blocks, view }, action, doer);
    },
    /** Sends the newest form with these values checked, and this written where it asks for a text. */
    submit(values: readonly string[], doer: Doer & { text?: string } = {}): Promise<Interaction> {
      const user = doer.user ?? 'U0ADA';
      const opened = state.views.at(-1);
      if (opened === undefined) throw new Error('no form is open');
      const chosen: Json = {};
      for (const block of opened.view['blocks'] as Json[]) {
        const element = block['element'] as
          { type: string; action_id: string; min_length?: number; max_length?: number; options: Json[] } | undefined;
        if (element === undefined) continue;
        if (element.type === 'plain_text_input') {
          const written = doer.text ?? '';
          // Slack's own window does not let go of what does not fit.
          if (written.length < (element.min_length ?? 0) || written.length > (element.max_length ?? 3_000))
            throw new Error('the form cannot be sent: its text is too short or too long');
          chosen[String(block['block_id'])] = { [element.action_id]: { type: element.type, value: written } };
          continue;
        }
        const selected = element.options.filter((option) => values.includes(String(option['value'])));
        chosen[String(block['block_id'])] = { [element.action_id]: { type: 'checkboxes', selected_options: selected } };
      }
      const view = { ...opened.view, id: opened.id, hash: opened.hash, state: { values: chosen } };
      const payload = {
        type: 'view_submission',
        team: { id: state.team },
        user: who(user),
        trigger_id: trigger(),
        view,
      };
      return hand('interactive', forged(payload, doer), user);
    },
    mention(text: string, thread: string | null = null, doer: Doer = {}): Promise<Interaction> {
      const user = doer.user ?? 'U0ADA';
      const event: Json = {
        type: 'app_mention',
        user,
        user_team: state.members.get(user)?.team_id,
        team: state.team,
        channel: doer.channel ?? 'C0RUNS',
        text: `<@${state.bot.user}> ${text}`,
        ts: state.ts(),
      };
      if (thread !== null) event['thread_ts'] = thread;
      const payload = {
        type: 'event_callback',
        team_id: state.team,
        event_id: state.id('Ev'),
        event,
        authorizations: [],
      };
      return hand('events_api', payload, user);
    },
    shortcut(ts: string, doer: Doer = {}): Promise<Interaction> {
      const user = doer.user ?? 'U0ADA';
      const message = state.messages.find((one) => one.ts === ts);
      if (message === undefined) throw new Error(`there is no message ${ts}`);
      const payload = {
        type: 'message_action',
        callback_id: 'retry_failed',
        team: { id: state.team },
        user: who(user),
        channel: { id: message.channel },
        message: asSent(message),
        message_ts: ts,
        action_ts: state.ts(),
        trigger_id: trigger(),
        response_url: responseUrl(user, message.channel, message.thread),
      };
      return hand('interactive', payload, user);
    },
  };
}

function forged(payload: Json, { forge }: Doer): Json {
  return forge === undefined ? payload : forge(payload);
}

/** A message as payloads carry it. Metadata is left out: it is not promised there. */
function asSent({ ts, text, thread, blocks, user }: StoredMessage): Json {
  return { type: 'message', ts, text, blocks, user, ...(thread === null ? {} : { thread_ts: thread }) };
}

function findAction(blocks: Json[], wanted: string): Json | null {
  for (const block of blocks) {
    const elements = [block['accessory'], ...((block['elements'] ?? []) as Json[])] as (Json | undefined)[];
    for (const element of elements) {
      if (element?.['action_id'] === undefined) continue;
      const base = { type: element['type'], action_id: element['action_id'], block_id: block['block_id'] ?? 'b' };
      if (element['value'] === wanted || element['action_id'] === wanted) return { ...base, value: element['value'] };
      const options = (element['options'] ?? []) as Json[];
      const option = options.find((one) => one['value'] === wanted);
      if (option !== undefined) return { ...base, selected_option: option };
    }
  }
  return null;
}

async function overHttp(
  to: { url: string; secret: string; skewS: number },
  type: Envelope,
  payload: Json,
  retryNum = 0,
): Promise<Acknowledgement> {
  const began = performance.now();
  const json = type === 'events_api';
  const form = type === 'slash_commands' ? (payload as Record<string, string>) : { payload: JSON.stringify(payload) };
  const body = json ? JSON.stringify(payload) : new URLSearchParams(form).toString();
  const timestamp = String(Math.floor(Date.now() / 1000) + to.skewS);
  const signature = createHmac('sha256', to.secret).update(`v0:${timestamp}:${body}`).digest('hex');
  const response = await fetch(to.url, {
    method: 'POST',
    body,
    headers: {
      // Slack's requests come over connections of their own: a kept one may be closed at the moment it is used.
      connection: 'close',
      'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
      ...(retryNum === 0 ? {} : { 'x-slack-retry-num': String(retryNum), 'x-slack-retry-reason': 'http_timeout' }),
    },
  });
  const text = await response.text();
  const answer = text.startsWith('{') ? (JSON.parse(text) as Json) : {};
  return { acked: response.status === 200, payload: answer, tookMs: performance.now() - began };
}
