/** Private answers: to whoever asked, by the way Slack gives for it, and never as a reason to fail. */
import type { Form, Line, Message } from '#bot/chat/message.ts';
import { message } from '#bot/chat/message.ts';
import type { Reply } from '#bot/chat/surface.ts';
import type { View } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { RespondFn } from '@slack/bolt';
import { renderMessage, type Rendered } from './blocks.ts';
import { slackCode } from './faults.ts';
import { formView } from './form.ts';
import type { SlackLog } from './options.ts';
import type { Heard } from './requests.ts';
import type { Origin, Seal } from './seal.ts';

/** Ways back to the person, as far as the interaction gave any. */
export interface WayBack {
  respond: RespondFn | null;
  /** Opens one modal, within three seconds of the interaction. */
  trigger: string | null;
}

/** Said when an answer takes longer than Slack waits. It is still on its way, and follows. */
export function notYet(): Message {
  return message('warning', 'The database is slow to answer. What came of this follows here.');
}

/** Draws what only one person sees, so that a press on it can be told from any other. */
export function renderPrivately(text: Message, heard: Heard, seal: Seal): Rendered {
  return renderMessage(text, { card: false, id: seal.mark(heard.user, heard.origin.channel) });
}

/** Sends private answers. No function throws. */
export function openReplies(client: WebClient, seal: Seal, log: SlackLog) {
  async function openModal(trigger: string, view: View): Promise<boolean> {
    try {
      await client.views.open({ trigger_id: trigger, view });
      return true;
    } catch (error) {
      log.warn({ code: slackCode(error) }, 'a form could not be opened in Slack');
      return false;
    }
  }

  async function say(heard: Heard, way: WayBack, text: Message): Promise<void> {
    const rendered = renderPrivately(text, heard, seal);
    try {
      if (way.respond !== null) {
        return void (await way.respond({ ...rendered, response_type: 'ephemeral', replace_original: false }));
      }
    } catch {
      log.warn({ request: heard.id }, 'a private answer did not get through; it is sent another way');
    }
    await whisper(heard, rendered);
  }

  async function whisper(heard: Heard, rendered: Rendered): Promise<void> {
    const { channel, thread }: Origin = heard.origin;
    if (channel === '') return;
    try {
      await client.chat.postEphemeral({
        channel,
        user: heard.user,
        ...rendered,
        parse: 'none',
        link_names: false,
        ...(thread === null ? {} : { thread_ts: thread }),
      });
    } catch (error) {
      log.warn({ request: heard.id, code: slackCode(error) }, 'a private answer could not be delivered in Slack');
    }
  }

  return {
    say,
    /** Brings an answer: a form opens as a modal while Slack still allows it, else it is told in words. */
    async bring(heard: Heard, way: WayBack, reply: Reply): Promise<void> {
      if (reply.kind === 'message') return say(heard, way, reply.message);
      if (way.trigger !== null && (await openModal(way.trigger, formView(reply.form, { ...heard, seal })))) return;
      return say(heard, way, spelledOut(reply.form, way.trigger !== null));
    },
  };
}

/** A form in words, for where no modal opens: it says what could be chosen. */
function spelledOut(form: Form, failed: boolean): Message {
  const title = failed ? `${form.title}: the form did not open in time, please press again` : form.title;
  const choices = form.choices.map(({ label, hint }): Line => ({ tone: 'quiet', name: label, text: hint }));
  return message('warning', title, {
    lines: [...choices, { tone: 'quiet', name: '', text: form.typed }],
    footer: form.intro,
  });
}
