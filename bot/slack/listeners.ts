/**
 * What Slack hands in, taken to the bot and back. Slack waits three seconds for an acknowledgement; what was asked is
 * written down before it is given, so that nothing acknowledged can be lost. Only mentions are acknowledged first: the
 * library does that, and Slack delivers again what it does not hear about.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { troubleAnswer } from '#bot/chat/answers.ts';
import { message } from '#bot/chat/message.ts';
import type { Answers, Reply } from '#bot/chat/surface.ts';
import type { App, RespondFn } from '@slack/bolt';
import { renderMessage } from './blocks.ts';
import { answerView, formView } from './form.ts';
import type { SlackLog, SlackTiming } from './options.ts';
import type { Membership } from './groups.ts';
import type { Acquaintance } from './people.ts';
import { notYet, renderPrivately, type openReplies, type WayBack } from './replies.ts';
import type { Seal } from './seal.ts';
import { heardCommand, heardMention, heardPress, heardShortcut, heardSubmit, type Heard } from './requests.ts';

/** The one command; what follows it is read by the bot. */
export const COMMAND = '/scrape';
/** The callback id of the shortcut on messages. */
export const SHORTCUT = 'retry_failed';
/** The one event that is listened to. */
export const EVENT = 'app_mention';
/** Events remembered to notice one that is delivered again. */
const EVENTS_KEPT = 1_000;

/** What listening needs. */
export interface ListenerParts {
  answers: Answers;
  lookUp: (user: string) => Promise<Acquaintance>;
  groupsOf: (user: string) => Promise<Membership>;
  /** Our own workspace, or null while it is not known: then everybody is a stranger. */
  team: () => string | null;
  replies: ReturnType<typeof openReplies>;
  seal: Seal;
  timing: SlackTiming;
  log: SlackLog;
}

/** Hangs the listeners on the app. Returns what resolves when every answer under way is brought. */
export function listen(app: App, parts: ListenerParts): { settled: () => Promise<void> } {
  const { replies, seal, log } = parts;
  const underWay = new Set<Promise<void>>();
  const events = new Set<string>();

  /** The answer if it comes in time, and the whole of it when it comes. */
  async function ask(heard: Heard): Promise<{ inTime: Reply | null; late: Promise<Reply> }> {
    const late = answered(heard, parts);
    const inTime = await Promise.race([late, sleep(parts.timing.answerMs, null, { ref: false })]);
    return { inTime, late };
  }

  /** Acknowledges; an acknowledgement that fails is told apart from one that arrived. */
  async function acknowledged(ack: () => Promise<void>): Promise<boolean> {
    try {
      await ack();
      return true;
    } catch {
      log.warn({}, 'an acknowledgement did not reach Slack');
      return false;
    }
  }

  /** A press, a shortcut or a mention: an empty acknowledgement, then the answer beside it. */
  async function beside(heard: Heard, way: WayBack, ack: () => Promise<void>): Promise<void> {
    const { inTime, late } = await ask(heard);
    await acknowledged(ack);
    if (inTime !== null) return replies.bring(heard, way, inTime);
    await replies.say(heard, way, notYet());
    await replies.bring(heard, { ...way, trigger: null }, await late);
  }

  /** Slack delivers an event again when it did not hear us in time; the person is answered once all the same. */
  function heardBefore(id: string): boolean {
    if (events.has(id)) return true;
    const [oldest] = events;
    if (events.size >= EVENTS_KEPT && oldest !== undefined) events.delete(oldest);
    events.add(id);
    return false;
  }

  async function tracked(work: () => Promise<unknown>): Promise<void> {
    const running = work().then(() => {});
    underWay.add(running);
    try {
      await running;
    } finally {
      underWay.delete(running);
    }
  }

  app.command(COMMAND, ({ command, ack, respond }) =>
    tracked(async () => {
      const heard = heardCommand(command);
      const way: WayBack = { respond, trigger: command.trigger_id };
      const { inTime, late } = await ask(heard);
      const told = inTime === null ? notYet() : inTime.kind === 'message' ? inTime.message : null;
      const body = told === null ? null : renderPrivately(told, heard, seal);
      const taken = await acknowledged(() => (body === null ? ack() : ack({ ...body, response_type: 'ephemeral' })));
      if (told !== null && !taken) await replies.say(heard, way, told);
      if (inTime === null) await replies.bring(heard, { ...way, trigger: null }, await late);
      else if (inTime.kind === 'form') await replies.bring(heard, way, inTime);
    }),
  );

  app.action(/.*/s, ({ body, ack, respond }) =>
    tracked(async () => {
      const heard = body.type === 'block_actions' ? heardPress(body, seal) : null;
      // A link's button asks for nothing but its acknowledgement.
      if (heard === null || body.type !== 'block_actions') return acknowledged(() => ack());
      return beside(heard, { respond: respondOf(body, respond), trigger: body.trigger_id ?? null }, () => ack());
    }),
  );

  app.shortcut(SHORTCUT, ({ body, ack, respond }) =>
    tracked(async () => {
      const heard = body.type === 'message_action' ? heardShortcut(body) : null;
      if (heard !== null) return beside(heard, { respond, trigger: body.trigger_id }, () => ack());
      await acknowledged(() => ack());
      return respond({ ...noRun(), response_type: 'ephemeral', replace_original: false });
    }),
  );

  app.view(/.*/s, ({ body, ack }) =>
    tracked(async () => {
      if (body.type !== 'view_submission') return acknowledged(() => ack());
      const heard = heardSubmit(body, seal);
      const { inTime, late } = await ask(heard);
      const told = inTime ?? { kind: 'message' as const, message: notYet() };
      const place = { ...heard, seal };
      const view = told.kind === 'form' ? formView(told.form, place) : answerView(told.message, place);
      const taken = await acknowledged(() => ack({ response_action: 'update', view }));
      if (taken && inTime !== null) return;
      return replies.bring(heard, { respond: null, trigger: null }, await late);
    }),
  );

  app.event(EVENT, ({ event, body }) =>
    tracked(async () => {
      const heard = heardMention(event, body.event_id, body.team_id);
      if (heard === null || heardBefore(heard.id)) return;
      await beside(heard, { respond: null, trigger: null }, async () => {});
    }),
  );

  app.error(async (error) => {
    log.error({ error: error.name }, 'something Slack handed in could not be dealt with');
  });

  return {
    async settled() {
      await Promise.allSettled(underWay);
    },
  };
}

async function answered(heard: Heard, parts: ListenerParts): Promise<Reply> {
  const { answers, lookUp, groupsOf, team, timing, log } = parts;
  const until = performance.now() + timing.commitMs;
  try {
    const [person, membership] = await Promise.all([lookUp(heard.user), groupsOf(heard.user)]);
    const foreign = heard.userTeam !== null && heard.userTeam !== team();
    return await answers.answer({
      surface: 'slack',
      id: heard.id,
      actor: { surface: 'slack', id: heard.user, name: person.name },
      place: {
        team: heard.team,
        channel: heard.origin.channel,
        ...membership,
        stranger: heard.bot || foreign || person.stranger || team() === null,
      },
      asked: heard.asked,
      until,
    });
  } catch {
    log.error({ request: heard.id }, 'a request from Slack could not be answered');
    return { kind: 'message', message: troubleAnswer(false) };
  }
}

function noRun() {
  const text = message('warning', "This message belongs to no run: use the shortcut on a run's message.");
  return renderMessage(text, { card: false, id: null });
}

/** A press in a modal has no way to respond, whatever the library's types say. */
function respondOf(body: { response_url?: string }, respond: RespondFn | undefined): RespondFn | null {
  return body.response_url === undefined || respond === undefined ? null : respond;
}
